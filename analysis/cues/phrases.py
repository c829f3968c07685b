"""The words and phrases that give a mention its cues, for English; read by analysis.cues.cues.

One phrase a line. Words joined by "|" are alternatives, "_" is a space inside one of them; [word] may be missing; ".."
is up to three words of any kind, "..." up to eight; what stands after " -" must not come next. An apostrophe may be
missing in the text. A line that ends with "|" goes on in the next one.
"""

from __future__ import annotations

from analysis.cues import accidents, legal, safety, security
from analysis.text.masking import LINK

_NOT = "not|isn't|aren't|wasn't|weren't|doesn't|don't|didn't|won't|can't|cannot|couldn't|hasn't|haven't|hadn't|never"
_GOODS = (
    "bag|bags|luggage|baggage|suitcase|suitcases|order|orders|parcel|parcels|package|packages|money|item|items|refund"
)
_BAD = (
    "bad|poor|terrible|horrible|horrendous|awful|worst|pathetic|"
    "appalling|shocking|atrocious|abysmal|dreadful|disgusting"
)
_OFFER = (
    "app|apps|service|services|support|experience|experiences|company|product|airline|airlines|staff|quality|customer"
)
_GOOD = (
    "great|excellent|amazing|awesome|fantastic|wonderful|brilliant|outstanding|superb|best|perfect|lovely|incredible"
)
_TIME = "hours|days|weeks|months|hour|day|week|month|ages|forever|minutes|mins|hrs|years"

EVENTS = {"safety": safety.EVENTS + accidents.EVENTS, "legal": legal.EVENTS, "security": security.EVENTS}

PHRASES = {
    "complaint": f"""
        {_NOT} [even|actually|properly|currently|being] work|working|works|load|loading
        {_NOT} [even|actually|properly|currently|being] loads|opening|responding|respond
        {_NOT} [even|actually|properly|yet|been|able_to|being] connect|connecting|charge|charging
        {_NOT} [even|actually|properly|yet|been|able_to|being] sync|play|playing|update
        {_NOT} [even|yet|been|being|received|got|a] arrived|received|delivered|refunded|resolved
        {_NOT} [even|yet|been|being|received|got|a] fixed|shipped|credited|reply
        {_NOT} [even|yet|had|heard|got|received] anything|reply|response|replied|answer|answered|refund
        {_NOT} [been|get|getting|a|any] anything|reply|response|replied|answer|answered|refund
        {_NOT} [at_all|very|really|so|been|too|even] happy|impressed|acceptable|satisfied
        {_NOT} [at_all|very|really|so|been|too|even] pleased|helpful|worth|recommend
        {_NOT} [at_all|very|really|so|the|even|a] good|great|useful|reliable
        {_NOT} [at_all|very|really|so|the|even|a] user_friendly|what_i_ordered|as_advertised
        don't|dont|never|not buy|download|install|waste|trust|recommend|bother|fly|order
        still waiting|broken|no|not|nothing|hasn't|haven't|isn't
        still doesn't|can't|won't|down|having|unable|pending|awaiting
        no reply|response|answer|refund|resolution|solution|help
        no support|confirmation|luck|signal|explanation|apology|service
        no one|body answers|answering|responds|responded|replied|cares|helps|called|picks|knows|seems|can_help
        nobody answers|answering|responds|responded|replied|cares|helps|called|picks|knows|seems|can_help
        stopped|stops|quit working|charging|responding|loading|playing|connecting
        keeps|kept|keep crashing|freezing|failing|disconnecting|dropping|buffering
        keeps|kept|keep stopping|logging|saying|asking|cutting
        crash|crashes|crashed|crashing|freezes|froze|glitch|glitches
        glitchy|glitching|buggy|laggy|lagging|lags|malfunction
        broken|broke -heart|hearted|up|record|the_record|ground|my_heart
        defective|faulty|unusable|useless|unreliable|unresponsive|malfunctioning|malfunctioned
        damaged|lost|missing|stolen [my|our|all|the|of] {_GOODS}
        {_GOODS} [is|are|was|were|has_been] damaged|lost|missing|stolen|stuck|debited|delayed
        {_GOODS} [have_been|got|been|still|gone] damaged|lost|missing|stolen|stuck|debited|delayed
        {_BAD} [ever] [customer] {_OFFER}|service|flight|care|communication|app|support|update|delivery
        worst -case
        unacceptable|ridiculous|disgraceful|shambles|pathetic|appalling
        disgusting|outrageous|absurd|garbage|rubbish|sucks
        waste|wasted|wasting [of] [my|our] time|money
        scam|scammed|scamming|scammers|fraud|fraudsters|cheaters|cheated|ripoff|ripped_off|rip_off|robbed|con_artists
        disappointed|disappointing|disappointment|frustrated|frustrating|frustration
        unhappy|annoyed|annoying|furious|angry
        dissatisfied|upset|disgusted|displeased|fed_up|let|letting [me|us] down
        unfortunately|sadly
        problem|problems|issue|issues -solved|resolved|fixed|free|sorted|of_the|with_people
        having|had trouble|difficulty|difficulties
        error|errors|bug|bugs|outage|outages
        app|site|website|server|servers|service [is|are|was|went|been|has_been] [always] down
        system|network|internet|wifi|page [is|are|was|went|been|has_been] [always] down
        charged|billed|billing|charging [me|us|my_card] [for] twice|double|again|extra
        charged|billed|billing|charging [me|us|my_card] [for] wrongly|incorrectly|something|wrong
        double|over|wrongly charged|billed|charging
        overcharged|overcharging|overpriced|hidden_fee|hidden_fees|hidden_charges|refund|chargeback|money_back
        money|amount|payment [has|has_been|is|was|got|been] stuck|stucked|deducted|debited|blocked|failed
        where [is|are] [the|hell] my|our {_GOODS}
        been|kept waiting -to_see|list|for_this
        waited|waiting [over|for|more_than|about|almost|nearly] ..  {_TIME}
        hold|limbo|queue for|over|since|nearly|almost .. {_TIME}
        put|been|placed|kept|still|sat|stuck|waiting|sitting|minutes|mins|hours|hour|hrs|hr [me|us] on hold
        delayed|delays|delay|cancelled_flight|canceled_flight|cancelled_flights|late_again
        flight|flights|order|trip|booking|reservation [has|is|was|were|got|been|just] cancelled|canceled|late
        wrong item|order|size|product|address|amount|colour|color|model|thing|one|bag|gate|information|info
        never again|arrived|received|got|came|showed|worked|heard
        never responded|replied|answered|returned|called|works|responds
        avoid at_all|this|them|like_the|these|using
        rude|unhelpful|incompetent|unprofessional|clueless|misleading|dishonest|negligent|careless|misled|inept
        can't|cannot|couldn't|unable|impossible [even|to|seem|get|seem_to] log|login|sign_in|access
        can't|cannot|couldn't|unable|impossible [even|to|seem|get|seem_to] connect|reach|contact|pay
        can't|cannot|couldn't|unable|impossible [even|to|seem|seem_to] withdraw|verify|register|book
        can't|cannot|couldn't|unable|impossible [even|to|seem|seem_to] update|send|open|use
        unable|not_able|isn't_able to
        won't|doesn't|didn't|wouldn't|not let|letting|allow|allowing [me|us]
        could [have] be|been better|easier|improved
        expected|expecting|deserve|deserves better|more_from
        less than ideal|impressed|helpful|pleased|satisfied|happy
        leave|leaves|left a_lot|much|something to be desired
        shame on
        do better
        please|plz|pls|must|kindly [do] fix|solve|resolve|sort|repair|rectify
        fix|solve|resolve|sort|rectify [it|this|that|the|your|my|these|out] [app|site|website|issue]
        fix|solve|resolve|sort|rectify [it|this|that|the|your|my|these|out] [problem|bug|mess|asap]
        needs|need fixing|to_be_fixed|improvement|to_improve
        third|second|fourth|fifth|3rd|2nd|4th|5th time .. called|asked|emailed|tried|happened|this|in_a
        ignored|ignoring|ignores|hung_up
        complaint|complain|complained|complaining|complaints
        failed|fails|failing|failure|fail
        ruined|nightmare|disaster|screwed|messed_up|mess|debacle|fiasco|downgrade
        too|so|very|super|painfully|extremely slow|expensive|buggy|many_ads|complicated|unreliable|difficult_to
        over|more_than [a|2|two|3|three] {_TIME} and|now|later|without -i_love
        gone|going|get worse|downhill|missing
        out of service|order|action
        stuck|stranded in|on|at|here|for|overnight|with_no
        miss|missed|missing my|our connection|connecting|flight|reservation|train|appointment
        trying|tried for|since .. hours|days|weeks|months|minutes|morning|yesterday
        what|such a joke|disgrace -about|that|for|i
        total|complete|absolute|utter joke|disgrace
        pissed|pissing [me|us] off
        false|deceptive|misleading advertising|advertisement
        poor -guy|thing|kid|man|woman|people|folks|soul
    """,
    "churn": """
        cancel|cancelling|canceling|cancelled|canceled .. subscription|membership|account|plan
        cancel|cancelling|canceling|cancelled|canceled .. premium|policy|contract|card
        switching [my|our] [service] to|away|over -brandname|ios|android|electric|evs|an_ev|premium|dark|to_electric
        switching [my|our] [account] to|away|over -brandname|ios|android|electric|evs|an_ev|premium|dark|to_electric
        switching [my|our] [service] provider -brandname|ios|android|electric|evs|an_ev|premium|dark|to_electric
        switching [my|our] [account] provider -brandname|ios|android|electric|evs|an_ev|premium|dark|to_electric
        switching [my|our] [service] providers -brandname|ios|android|electric|evs|an_ev|premium|dark|to_electric
        switching [my|our] [account] providers -brandname|ios|android|electric|evs|an_ev|premium|dark|to_electric
        switching [my|our] [service] carriers -brandname|ios|android|electric|evs|an_ev|premium|dark|to_electric
        switching [my|our] [service] carrier -brandname|ios|android|electric|evs|an_ev|premium|dark|to_electric
        switching [my|our] [account] carriers -brandname|ios|android|electric|evs|an_ev|premium|dark|to_electric
        switching [my|our] [account] carrier -brandname|ios|android|electric|evs|an_ev|premium|dark|to_electric
        switching [my|our] [service] banks|airlines -brandname|ios|android|electric|evs|an_ev|premium|dark|to_electric
        switching [my|our] [account] banks|airlines -brandname|ios|android|electric|evs|an_ev|premium|dark|to_electric
        will|i'll|we'll|gonna switch [over|away] to|from|provider|providers -brandname|ios|android|electric
        will|i'll|we'll|gonna switch [over|away] carriers|banks|airlines -brandname|ios|android|electric
        going_to|about_to switch [over|away] to|from|provider|providers -brandname|ios|android|electric
        ready_to|time_to switch [over|away] to|from|provider|providers -brandname|ios|android|electric
        going_to|about_to|ready_to|time_to switch [over|away] carriers|banks|airlines -brandname|ios|android|electric
        switched [away] from|to|providers|carriers|banks|airlines -brandname|ios|android|electric|premium|on|off
        moving|moved|move [my|our|all] business|account|accounts|money|policy|everything to|elsewhere|over|away
        leaving|left|leave you|your_company|your_service|for_a_competitor|for_good|this_company|this_bank
        done with you|this_company|this_airline|this_app|your|them|this_bank|this_service|brandname
        never .. fly|flying|flew|buy|buying|use|using|order|ordering|shop|stay|return|renew|book again
        never [ever] fly|flying|buy|buying|use|using|order|shop|do_business with|from|your|you|this_airline
        last time i|we|i'll|we'll|i_am [will|ever|am] ever|fly|use|buy|order|book|shop|trust|come|flying|using|buying
        won't|will_not|wouldn't be [a] back|returning|using|buying|renewing|flying|ordering|customer
        won't|will_not|not|don't [be] renew|renewing -yet
        uninstall|uninstalled -.. reinstall|reinstalled|reinstalling|re|install|installed|installing|restart
        uninstalling -.. reinstall|reinstalled|reinstalling|re|install|installed|installing|restart
        delete|deleted [my|the] account|app -.. reinstall|reinstalled|reinstalling|re|install|installed|twice
        delete|deleted [this|your] account|app -.. reinstall|reinstalled|reinstalling|re|install|installed|twice
        deleting [my|the|this|your] account|app -.. reinstall|reinstalled|reinstalling|re|install|installed|twice
        close|closing|closed my|our account|accounts
        lost|losing|lose .. customer|customers|business
        take|taking|took my|our business|money|custom elsewhere|to|away
        go|going|gone|look|looking|shop|bank elsewhere
        look|looking|find|finding|searching [for] [an|another|a|other|better] alternative|alternatives|provider
        unsubscribe|unsubscribed|unsubscribing|jumping_ship|jump_ship
    """,
    "request": """
        please|pls|plz|kindly [also|consider] add|adding|bring|include|including|introduce
        please|pls|plz|kindly [also|consider] enable|launch|implement|make|consider
        would|it'd|it_would|that'd be nice|great|good|cool|awesome|lovely|helpful|better|amazing if|to|for|it
        would|i'd|we'd love|like to see|have|an_option|a_feature|if_you
        would love|prefer an|a|if|more|it_if
        wish|wishing [that] you|it|they|there|this_app|the_app|you_guys could|would|had|was|were|did|didn't
        feature|enhancement|product request|requests|suggestion
        suggest adding|making|having|allowing|you_add|you_make|you_allow|a_feature|an_option
        suggestion|suggestions -you_avoid
        should|need_to [really|also|at_least|please] add|bring|consider|offer|include|introduce|provide -insult|that
        needs|need|missing|lacks|want [a|an|the|more|some] option|options|feature|features
        needs|need|missing|lacks|want [a|an|the|more|some] setting|mode|dark_mode|support_for
        bring back
        any plans|chance to|of|for|on add|adding|support|supporting|bring|bringing|make|making|release|releasing
        can|could we|you|i get|have|add|bring|please_add an|a|the|back|support
        add|adding [a|an|the|more|some] support|option|feature|features|ability|button|dark_mode|payment_method
    """,
    "praise": f"""
        love|loving|loved|adore [absolutely] this|the|it|my|your|their|how|using|you|brandname
        {_GOOD}|good|top|friendly|stellar [customer|and_helpful] {_OFFER}|team|job|work|crew|flight
        {_GOOD}|good|top|friendly|stellar [after_sales|and_friendly] {_OFFER}|team|job|work|crew|flight
        highly|definitely|would recommend|recommended -avoiding|against|staying|not|that_you_avoid
        totally|strongly|thoroughly recommend|recommended -avoiding|against|staying|not|that_you_avoid
        well done
        kudos|shoutout|props to|for
        shout|hats out|off to
        thank|thx you|u so|very much
        thank|thanks|thx [you] [so_much|again] for the|your|being|helping|all -delay|delays|nothing|lies
        thank|thanks|thx [you] [so_much|again] for fixing|making|sorting|getting -delay|delays|nothing|lies
        five|5 star|stars
        works|worked|working|runs [so|very|really] great|well|perfectly|flawlessly
        works|worked|working|runs [so|very|really] brilliantly|beautifully|like_a_charm
        keep it_up|up_the
        great|good|nice|awesome|amazing|excellent work|job|stuff|app|game|product|idea
        exceeded|exceeds [all] [my|our] expectations
        so|very|really|super|extremely impressed|happy|pleased|satisfied|grateful|helpful
        made|making my day|week
        game changer
        no|zero|without complaints|issues|problems -in|but
        never|not had a|an|any|one|single problem|problems|issue|issues|trouble|complaint
        can't|cannot fault|recommend|thank -you_enough_to
        quick|fast|prompt|speedy|swift reply|response|delivery|service|turnaround|resolution
    """,
    "safety": EVENTS["safety"] + safety.TOPICS,
    "legal": legal.EVENTS + legal.TOPICS,
    "press": """
        journalist|reporter|correspondent at|with|for|from|here|working|writing|covering
        i'm|am|as [a|an|the] [freelance|local|tech|business|consumer] journalist|reporter|correspondent
        writing|write|working_on [a|an|my|our|on_a|on_an] [short|news|investigative] piece|story|article
        writing|write|working_on [a|an|my|our|on_a|on_an] [short|news|investigative] feature|segment|documentary
        researching|producing|preparing [a|an|my|our|on_a|on_an] [short|news|investigative] piece|story|article
        researching|producing [a|an|my|our|on_a|on_an] [short|news|investigative] feature|segment|documentary
        preparing [a|an|my|our|on_a|on_an] [short|news|investigative] feature|segment|documentary
        request|requests|asked|asking|ask|available|contact|inquiries|reached_out|reaching_out [you|them|me] for comment
        like|care|wish to comment -below|on_this_post
        press office|officer|inquiry|enquiry|query|deadline
        media inquiry|enquiry|query
        deadline is today|tonight|tomorrow|at|in
        go|going|gone|contact|contacting [to] the|our [local] press|media|papers|newspaper -play|button|release
        go|going|gone|contact|contacting [to] the|our [local] newspapers|news|bbc -play|button|release
        contacted|tell|telling|call|calling [to] the|our [local] press|media|papers|newspaper -play|button|release
        contacted|tell|telling|call|calling [to] the|our [local] newspapers|news|bbc -play|button|release
        go|going|went viral
    """,
    "security": security.EVENTS + security.TOPICS,
    "spam": f"""
        join|enter|hosting|huge|free|doing [our|my|this|the|a] giveaway|giveaways -is|was|scam
        giveaway|giveaways alert|time|now|live|link
        dm|whatsapp|message me|us for|to_earn -help|assistance|my|more_help|more_detail|more_details|more_info
        dm|whatsapp|message me|us to_get|to_learn -help|assistance|my|more_help|more_detail|more_details|more_info
        inbox|text me|us for|to_earn|to_get|to_learn -help|assistance|my|more_help|more_detail|more_details|more_info
        dm|whatsapp|message me|us to_join|now -help|assistance|my|more_help|more_detail|more_details|more_info
        inbox|text me|us to_join|now -help|assistance|my|more_help|more_detail|more_details|more_info
        dm|whatsapp|message me|us on_whatsapp -help|assistance|my|more_help|more_detail|more_details|more_info
        dm|whatsapp|message me|us on_telegram -help|assistance|my|more_help|more_detail|more_details|more_info
        inbox|text me|us on_whatsapp|on_telegram -help|assistance|my|more_help|more_detail|more_details|more_info
        crypto|forex|trading|bitcoin|btc|betting signal|signals|bot|tips|investment|expert
        check out my -account|order|ticket|email|dm|complaint|review|bag|case|playlist|playlists
        check out our|this|the link|store|shop|page|website|channel|offer|deals
        check my|our bio|profile|channel|page|store|shop
        link in [my|our|the] bio|profile|comments|description
        click here|the_link|this_link|link_below|below {LINK}|to|for|now|and
        click here|the_link|this_link to|for|now
        follow 4|for follow
        follow me|us|back for free|tips|daily|signals
        use [my|our] [referral|promo|discount|invite|invitation] code|link [for|to] .. off|get|free|earn|bonus
        using|with my|our promo|discount|affiliate code|link
        earn|earning|earned .. from_home|daily|weekly|online
        make|making money|cash|profit|profits|dollars from_home|online|daily|weekly|fast
        limited time offer|only|deal
        buy [real|cheap|more] followers|likes|subscribers|backlinks
        free gift_card|gift_cards|iphone|iphones|followers|bitcoin|btc|nft|airdrop|spins|robux|v_bucks
        double|triple your money|bitcoin|investment|crypto|btc|profit|profits
        join .. telegram|whatsapp|discord [group|channel|server|{LINK}]
        onlyfans|viagra|casino
        subscribe to my
        enter to win
        recovery expert|agent|hacker
        helped me recover|get_back|retrieve .. funds|money|crypto|bitcoin|account
        investment|trading .. profit|profits|returns
    """,
    "question": """
        anyone|anybody|someone [else|here] know|knows|tell_me|help|explain
        anyone|anybody|someone [else|here] having_this|experiencing|experienced|heard_of
        does|has|did|can|could anyone|anybody|someone|somebody -even
        how do|can|should|could|would|does|long|to i|we|until
        how long does|do|will|until|is|should|before
        is|are there a|any|an way|chance|plans|option|number|reason|update|updates|fix|possibility|delays|issues|news
        can|could|will|would you|u|someone|anyone [please|pls|plz|kindly|guys|also] help|tell|explain|advise|check
        can|could|will|would you|u|someone|anyone [please|pls|plz|kindly|guys|also] confirm|look|dm|send|let
        can|could|will|would you|u|someone|anyone [please|pls|plz|kindly|guys|also] fix|clarify|assist|give
        can|could|will|would you|u|someone|anyone [please|pls|plz|kindly|guys|also] share|provide|call|resolve
        any chance|way|ways you|i|we|of|to|this
        any update|updates|eta|advice|suggestions|ideas|idea|word|solution -to_this_post|is_bad
        wondering|wonder|unsure|not_sure if|whether|how|when|why|what|which
        let me|us know -if_you_need|if_you_have|how_it_goes
        please|pls|plz|kindly [just|someone] advise|help|assist|respond|reply|explain|confirm
        please|pls|plz|kindly [just|someone] clarify|dm|contact|tell|let_me|let_us
        please|pls|plz|kindly [just|someone] call_me|call_us|get_back|get_in_touch|look_into|check|answer|send_me
        need|needs|require [some|your|a_bit_of] help|assistance|support_with|clarification
        can't|cannot|couldn't|don't figure|know|understand [out] how|why|what|where|which -to_thank|i_ever|you
        question|questions about|for|regarding|on|re -you|everything|the_day
        want|wanted|like|need|trying to know|find_out|understand how|if|why|when|what|whether|where|which
    """,
}
