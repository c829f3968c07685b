"""The phrases of accounts, money and data in wrong hands, in the notation of analysis.cues.phrases.

EVENTS tell of something that happened to somebody or was found. TOPICS are words of the trade, which people also use
for the world at large.
"""

from __future__ import annotations

_STRANGER = (
    "someone|somebody|stranger|strangers|thief|thieves|fraudster|fraudsters|scammer|scammers|intruder|"
    "person_i_don't_know|people_i_don't_know|hacker|criminals"
)
_OTHERS = (
    "someone_else's|someone_elses|somebody_else's|somebody_elses|another_customer's|another_customers|"
    "another_person's|another_persons|another_user's|another_users|another_client's|another_patient's|"
    "another_guest's|another_member's|another_account's|other_people's|other_peoples|other_customers'|"
    "other_customers|other_users'|other_users|other_customer's|a_stranger's|stranger's|strangers'|"
    "a_different_customer's|a_different_person's|the_wrong_person's|the_wrong_customer's|another_man's|another_woman's|"
    "a_total_stranger's|a_complete_stranger's|someone_else_s"
)
_DATA = (
    "details|data|account|accounts|invoice|invoices|statement|statements|message|messages|profile|photos|pictures|"
    "information|info|password|passwords|records|history|documents|inbox|bill|bills|emails|email|passport|name|names|"
    "phone|number|numbers|receipt|receipts|payslip|prescription|results|chats|chat|files|address|addresses|card|"
    "dashboard|basket|booking|bookings|order|orders|report|video|videos|camera|feed"
)
_KEYS = "password|passwords|pin|card_number|card_details|bank_details|login|credentials|ssn|social_security_number|cvv"
_SENT = "email|emails|mail|mails|message|messages|text|texts|sms|call|calls|letter|link|caller|popup"
_MONEY = "money|points|miles|funds|balance|savings|credit|credits|coins|bitcoin|crypto|cash|wallet"
_ODD = (
    "unauthorized|unauthorised|fraudulent|suspicious|unrecognized|unrecognised|unfamiliar|unknown|unexplained|"
    "mysterious|bogus|non_authorised|non_authorized"
)
_PAYMENT = (
    "charge|charges|payment|payments|transaction|transactions|purchase|purchases|withdrawal|withdrawals|transfer|"
    "transfers|debit|debits|order|orders|subscription"
)
_UNKNOWN = (
    "i_don't_know|i_do_not_know|i_don't_recognise|i_don't_recognize|unknown|stranger|someone_else|somebody_else|"
    "by_someone|by_somebody|wasn't_me|not_me|not_by_me|without_my|i_never|i_didn't|i_did_not|we_never|we_didn't"
)
_NEVER = "never|didn't|did_not|don't|do_not|haven't|have_not|wasn't"
_MADE = (
    "make|made|authorise|authorize|authorised|authorized|approve|approved|recognise|recognize|placed|place|consent_to|"
    "agree_to|agreed_to|signed_up_for|know_about"
)
_STAFF = (
    "agent|agents|employee|man|woman|guy|clerk|rep|representative|adviser|advisor|assistant|technician|"
    "engineer|driver|courier|cashier|seller|colleague|worker|manager|lady|operator|salesman|salesperson|fitter|boy|"
    "girl|person|"
    "caller|support|helpdesk"
)
_SECRETS = (
    "password|passwords|pin|pin_code|cvv|security_code|passcode|card_number|social_security_number|ssn|"
    "one_time_code|one_time_password|online_banking|memorable_word|"
    "code_that_was|code_sent|code_i_got|code_from|code_on_my|sms_code"
)
_CODES = "password|passwords|reset|login|log_in|sign_in|verification|security|two_factor|2fa|otp|confirmation"
_CARRIED = "email|emails|mail|mails|code|codes|link|links|text|texts|sms|message|messages|request|requests|prompts"

EVENTS = f"""
    phished|ransomware|sql_injection|bug_bounty|dark_web|darkweb|zero_day|credential_stuffing|sim_swap|sim_swapped
    phishing email|emails|mail|mails|message|messages|text|texts|link|links|site|page|attempt|attempts|scam|call|
        attack|in_your
    security flaw|hole|bug|breach|incident|disclosure|weakness|vulnerability -update|guard
    data|privacy|security breach|breached|breaches|leak|leaked|leaks|exposed|stolen
    breached|hacked|phished [my|our|your|again|and|by|last|through|on] [account|email|into] \
        -contract|together|my_way|for
    was|got|been|were|getting|being|be|i|is|are hacked|phished|scammed_by_someone|breached|cloned|doxxed \
        -contract|together
    leaked|leak|leaks|leaking|exposed|exposes|exposing|sold|stole|stolen .. \
        data|passwords|password|credentials|emails -photo
    leaked|leak|leaks|leaking|exposed|exposes|exposing|stole|stolen .. details|information|info|records|identity|card
    passwords|password|emails|email|number|address|photos [were|was|are|is|have_been|has_been|got|being] \
        leaked|exposed|stolen|compromised|published|hacked|for_sale
    details|credentials|info|information|data|files [were|was|are|is|have_been|has_been|got|being] \
        leaked|exposed|stolen|compromised|for_sale|sold|shared_with|hacked
    passwords|password|email|data|details|number|address|info|information|photos|name .. on|to|in the \
        [public|dark|whole] internet|web|pastebin
    passwords|password|email|data|details|number|address|info|information|photos|name .. \
        turned_up|published|for_sale|visible|ended_up .. internet|web|everyone|anyone|strangers|public|forum|google|
        online
    visible|exposed|shown|readable to|for|by everyone|anyone|strangers|the_public|other_users|other_customers|
        the_whole_internet -with|in|who_wants
    anyone|everyone|everybody|strangers [else] can|could see|read|access|view|open|download \
        my|our|other|private|customer
    account|accounts|login|profile|card|email|wallet|phone|instagram|page .. \
        hacked|compromised|hijacked|cloned|taken_over|broken_into|breached -card_game
    account|profile|card|cards|details|number|identity|email|name|login [was|is|were|has|had|been|got|being] [been] \
        used|misused|abused|charged|skimmed .. by_someone|by_somebody|by_a|by_another|without|in_another|abroad|
        fraudulently|to_buy|to_order|to_open|elsewhere
    hacking|hacked [into] my|our|your|account|accounts|it|someone's|me|us
    {_STRANGER} [else] [has|is|just|had|then|tried|trying] [just|then|to] \
        logged|log|accessed|accessing|access|hacked -off
    {_STRANGER} [else] [has|is|just|had|then] got_into|getting_into|took_over|broke_into|signed_in|has_access|
        had_access|gained_access|placed_an_order|placed_orders
    {_STRANGER} [else] [has|is|had|then] used|using|stole|changed|charged|cloned|reset|spent|drained|emptied|withdrew|
        transferred my|our|the_password|money_from|funds_from -seat|spot
    {_STRANGER} [else] [has|had] opened|created|made .. account|accounts|purchase|purchases|payment|payments
    {_STRANGER} [else|has] [just|has] bought|ordered .. my|our account|card|money|name|points
    {_STRANGER} [else|has|had|from] [just|has|been] using|used|in|inside|on my|our \
        account|card|profile|name|identity|email
    {_ODD} [bank|card|account|login|credit] {_PAYMENT}|login|logins|access|activity|device|devices|sign_in|user
    {_PAYMENT}|login|logins|email .. [that|which] i|we {_NEVER} {_MADE} -about|why|how
    {_PAYMENT} .. [that|which] nobody|no_one [here] made|authorised|authorized|approved
    charged|billed|debited|charging|billing|deducted|charge|charges|bill|payment|payments ... i|we {_NEVER} [even] \
        buy|bought|order|ordered|sign|signed|agree|agreed|authorise|authorised|authorize|authorized|approve|approved|
        make|made|subscribe|subscribed|book|booked|use|used
    details|data|information|invoice|documents|photos|file|files|address|records|statement|medical_records|number|
        results [was|were|got|have_been|has_been|been|being] [mistakenly|accidentally] \
        sent|shown|given|emailed|forwarded|disclosed|revealed|shared|sold to|with [a|an|the|some] \
        another|other|third|someone|somebody|strangers|stranger|wrong|different|people|everyone
    shared|sold|gave|sent|leaked|disclosed|published|posted|passed my|our|his|her|private|personal|customer .. \
        number|address|details|data|email|information|name|photos|records .. with|to|on|online [a|an|the] \
        third|someone|strangers|stranger|other|another|advertisers|scammers|wrong|different|internet|everyone
    customer|private|personal|user|client|patient data|details|information|records|invoices|documents|photos|files \
        [is|are|was|were] visible|exposed|accessible|public|readable|unprotected|open
    change|changing|changed the number|id|digits in the link|url|address_bar
    that|which i|we {_NEVER} approve|approved|authorise|authorize|authorised|authorized|recognise|recognize|made \
        -in_the
    never|not|didn't [even] authorise|authorize|authorised|authorized|approved|consented \
        this|that|the|any|these|it|a|to
    {_MONEY} [is|was|are|were|has|have|had|all|just] [been|all|suddenly|mysteriously] \
        stolen|drained|withdrawn|emptied|siphoned -to_my|successfully
    {_PAYMENT} from|to|in|on my|our account|card [i|that_i|which_i] [did|never|do] [not] \
        made|authorised|recognise|recognize
    identity|credential theft|stuffing|stolen|fraud
    stolen|stole [my] identity
    see|saw|seeing|seen|show|shows|showed|showing|shown|view|viewed|access|display|displays|displayed|reveals|
        revealed|opened|opens|logged|signed [me|us|up|as|into|in|to|with|now] [into|to|up|as] {_OTHERS} \
        -view|opinion|point|review|reviews|perspective|comments|posts|stories|experience|experiences|mistake|results|
        setups|face
    got|received|receive|getting|get|sent|sends|emailed|has|have|with|contains|contained|under|into|of|for|gave|
        given [me|us] {_OTHERS} [full|private|personal|bank|home|email|phone|card|medical|credit] {_DATA} \
        -review|reviews
    {_OTHERS} [full|private|personal|bank|home|email|phone|card|medical|credit] \
        details|data|account|invoice|statement|messages|profile|information|info|password|records|inbox|passport|
        payslip|prescription|dashboard|card -review|reviews
    name|names|address|addresses|details|data|number|numbers|information|email|statement|invoice|account|profile|
        messages|photos|bill of|for|to [a|an|some|total|complete] [total|complete] stranger
    name|names|address|addresses|details|data|number|numbers|information|email|statement|invoice|account|profile|
        messages|photos|bill .. belongs|belonging|belonged|meant|addressed to|for [a|an] \
        someone|somebody|another|other|different|stranger
    name|address|details|data|number|information|statement|invoice|account|messages of [a|an] \
        another|other|different customer|customers|client|clients|user|users|person|people|patient|patients|member|
        members
    belongs|belong|belonging to [a|an] [different|other|another] customer|client|user|patient|member|guest|
        account_holder -service
    my|our data|details|address|number|email|photos|information [was|were|is|are] .. \
        shared|sold|given|passed|shown|sent|disclosed .. with|to [a|an] \
        third|others|other|strangers|someone|somebody|without|advertisers|companies
    without my|our [explicit|prior] consent|permission|authorisation|authorization|approval|knowledge -to_print
    taken|took|withdrawn|withdrew|debited|charged|deducted|billed|removed ... without \
        permission|consent|authorisation|authorization|asking|telling_me|approval
    password|passwords|email|phone_number|pin|details|login|username|recovery_email [address] was|were|been|got \
        [just|suddenly|then] changed -successfully|by_me|to_blue
    changed my|our password|email|phone_number|pin|recovery_email|login without|and_locked|and_ordered|overnight
    logged|login|logins|sign_in|log_in|signed|access|accessed .. another|unknown|different|foreign|strange \
        country|device|devices|city|location|ip|computer
    login|log_in|sign_in|verification|two_factor|2fa|reset attempt|attempts|request|requests|code|codes \
        i_didn't_ask|i_did_not_ask|i_never_asked|i_didn't_request|that_i_didn't_request|i_did_not_request|
        out_of_nowhere|not_from_me
    {_CODES} [reset|code|password] {_CARRIED} [that|which] i|we {_NEVER} [even|ever] ask|asked|request|requested|
        trigger|triggered|want|wanted|order|initiate|start
    password|pin|login|account reset|resets|code|codes [that|which] i|we {_NEVER} [even|ever] \
        ask|asked|request|requested|trigger|triggered|want|wanted|order|initiate|start
    {_OTHERS} {_DATA} .. in|on|under|into|inside my|our \
        account|profile|app|inbox|basket|cart|mailbox|history|bookings|screen|dashboard
    unsolicited|unrequested|unprompted password|reset|login|verification|code|codes|2fa
    customer|customers|client|clients|user|users|member|members|patient|email|mailing \
        list|lists|database|data|records|base [is|are|was|were|has|have] [being|been|now|up] \
        for_sale|sold|stolen|leaked|traded|offered|published|on_the_internet|on_the_web
    is|was|are|were my|our data|details|account|card|information|email|address|password .. \
        in_it|affected|safe|part_of|included|involved|among|exposed|at_risk|in_there -to_delete|safe_to
    number|phone_number|sim .. moved|ported|transferred|switched|swapped|cloned|duplicated .. \
        another|different|someone_else's|stranger's|second|unknown|somebody_else's sim|esim|person|device|phone|card
    second|duplicate|replacement|new sim|esim [card] [was] issued|activated|ordered .. \
        without|someone|somebody|by|never|not
    are|is|was|were|being|been|get|got|getting|keep [being] placed|made|sent|posted|booked|ordered|bought|shipped|
        spent|charged from|on|with|through|via|using|in|to my|our account|card|name|profile|email|number ... \
        {_UNKNOWN}
    address|device|phone|number|email|card|person|location|city|name|passenger|account|town|country [that|which] \
        i|we {_NEVER} [even|ever] know|recognise|recognize|add|added|own|register|registered|enter|entered -about|how
    changed|added|logged|deleted|reset|spent|withdrew|booked|accessed|transferred|signed ... \
        wasn't_me|was_not_me|isn't_me|not_me|not_by_me|wasn't_us|not_us|without_me -first
    {_STRANGER} [else] [has|have|is|had|then|just] changed|reset|edited|removed|deleted|updated|replaced .. \
        password|email|phone|number|details|login|pin|recovery|shipping_address|delivery_address|home_address
    {_STRANGER} in|abroad|overseas|from_another|from_a_different .. \
        logged_in|logged_into|signed_in|signed_into|has_access|
        hacked|bought|ordered|spent|used_my|using_my|uses_my
    logged|login|logins|sign_in|log_in|signed|access|accessed .. from abroad|overseas|somewhere|a_country|a_city|
        a_place|places|a_device|an_ip
    got|received|sent|delivered|given|brought|has|have|with [me|us] {_OTHERS} \
        parcel|package|order|delivery|luggage|mail|letter|post|medication|label
    results|records|orders|bookings|photos|chats|documents|bills|file|files|conversation|transactions|name|names|card|
        details|data|address of \
        [a|an] another|other|somebody|someone|different else|customer|customers|patient|patients|client|clients|user|
        users|guest|guests|person|people|family|member|members
    {_DATA}|{_PAYMENT}|device|devices [that|which|there|in_it|on_it|on_my_account|on_the_account|in_my_account] \
        aren't|isn't|are_not|is_not|wasn't|weren't|was_not mine|ours
    {_PAYMENT} [that|which] i|we know_nothing|have_no_idea|can't_explain|cannot_explain|have_never_seen|
        have_no_knowledge
    account|profile .. linked|registered|moved|transferred|assigned to|with [a|an|some] \
        another|different|someone|somebody|unknown|stranger|stranger's -bank_i|successfully
    invoice|letter|bill|statement|receipt .. addressed|made_out|is|was to|for a|another|some|someone|somebody \
        mr|mrs|ms|stranger|woman|man|person|lady|customer|else
    {_STRANGER} [else|is|has|keeps|was] [been|is|has] \
        selling|ordering|buying|sending|posting|sold|bought|ordered|sent|posted|booked|booking|spent|spending|paid \
        ... my|our account|card|profile|name|identity|email|number
    account|profile|number|email|card .. used to send|post|buy|order|book|scam|pay|spam
    someone|somebody|caller ... wanted|asked_for|asks_for|asking_for my|our [full] \
        card|bank|credit|pin|password
    accepts|accepted|takes any|every|wrong password
    logged|signed .. in|into|as .. account|profile of|belonging|that_isn't|that_is_not|which_is_not|that_wasn't
    greets|greeted|welcomes|welcomed|addresses|addressed me|us .. wrong|different|another|someone|somebody|stranger
    {_PAYMENT} ... though|although|but|yet|and .. \
        have_no|don't_have_an|never_had_an|never_opened_an|not_even_have_an account|contract|subscription
    said|says|claimed|claiming|saying [that] he|she|they was|were|worked|works [calling] from|for|with \
        [your|the|my] [customer] bank|fraud|security|support|team|service|company|office|technical|brandname
    in|by|of|since|about the|your|this|that|a [recent|data|latest|big|security] breach|hack -of
    my|our points|miles|savings|coins|bitcoin|crypto [are|is|were|was|have|has] [all|just|suddenly] \
        gone|disappeared|vanished
    parcel|parcels|package|packages|contract|invoice|loan|credit_card [that|which] i|we {_NEVER} [even|ever] \
        order|ordered|requested|request|signed|ask|asked|took
    everyone's|everybody's|all_customers'|all_the_customers'|other_customers'|other_people's|other_guests' \
        [email|phone] address|addresses|names|details|emails|numbers|data|orders|payslips|information
    {_STAFF} ... ask|asked|asks|asking|wanted|wants|demanded|demands|insisted|needed|needs|requested \
        [me|us|him|her|on] for|to_know|to_have|to_give|to_tell|to_read|to_share|to_see .. {_SECRETS} -reset|reset_email
    {_STAFF} ... asked|asks|wanted|wants|demanded|needed|needs|took|copied|noted|wrote_down|read_out \
        my|our|her|his|the [full|bank|card|debit] {_SECRETS} -reset
    {_SENT}|site|website .. pretends|pretending|pretended|claims|claiming|claimed|purports|purporting|posing|poses \
        to_be|to_come|it's|it_is|as
    someone|somebody|person|people|caller|accounts|account [is|was|who|that] \
        pretends|pretending|claims|claiming|posing|impersonating|poses [to] be|as|from
    {_SENT} .. looks|looked|looking|made .. yours|from_you|your_site|your_emails -great|good|forward
    {_SENT}|caller|someone|somebody .. asks|asked|asking|wants|wanted|requesting [me|us] \
        [for|to_enter|to_confirm|to_give|to_send|to_share] .. {_KEYS} -reset|again|every|twice|change
    scam|spoof|spoofed|fraudulent|bogus|phishing {_SENT}|site|website|account|accounts|invoice
    {_SENT} [was|is|came|sent] in your|brandname name -of
    fake website|site|profile|email|emails|text|texts|message|shop|account|page|app|invoice|call \
        pretending|using|asking|impersonating|in_your|with_your|that_looks|looks|claiming|from_your
    impersonating|impersonates|impersonated|impersonator|impersonators|pretending_to_be \
        you|your|brandname|me|us|my|the|customer|support|staff|employee
    impersonator|impersonators
    plain|clear text password|passwords
    password|passwords|pin|credentials ... in|as plain_text|plaintext|clear_text|cleartext|the_clear
    my|our|his|her identity [was|is|has|got|had|being] [been|just|now|already] stolen|cloned|misused|used
    stored|stores|store|sent|sends|emailed my|our|the|your password|passwords|card_number|passport in|as|by|to \
        plain|clear|email|unencrypted
    responsible disclosure
    found|discovered|report|reporting|reported a|an|the|this [serious|critical|major|potential|possible] \
        vulnerability|exploit|security_issue|security_flaw|security_bug|security_hole|backdoor
    virus|malware|spyware|trojan|keylogger in|from|on|after|with|inside|through \
        my|your|our|the|installing|downloading -scanner
"""

TOPICS = """
    vulnerability|vulnerabilities|phishing|malware|spyware|hackers|hacker
    security issue|issues|researcher|risk|problem
    hacked|compromised -contract|together|my_way|for|up
    someone|somebody|stranger [else] [has|is|just] logged|accessed|accessing|hacked
    identity theft
    impersonation
"""
