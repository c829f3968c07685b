"""The phrases of law: steps against somebody, authorities, discrimination, in the notation of analysis.cues.phrases.

EVENTS tell of a step that is taken or announced, or of a wrong that was done. TOPICS are words of law, which people
also use for the world at large.
"""

from __future__ import annotations

_LAWYER = "lawyer|lawyers|attorney|attorneys|solicitor|solicitors|barrister|legal_team|legal_counsel"
_WATCHDOG = "fca|ftc|bbb|cfpb|fcc|faa|ofcom|ombudsman|regulator|regulators|rbi|asa|authorities|dot|cma|attorney_general"
_OFFICE = (
    "citizens_advice|consumer_advice|food_standards_agency|environmental_health|health_and_safety_executive|"
    "food_safety_authority|"
    "information_commissioner|information_commissioner's|privacy_commissioner|european_consumer_centre|"
    "consumer_council|"
    "advertising_standards|consumer_watchdog|data_watchdog|privacy_watchdog|financial_ombudsman|health_inspectors|"
    "arbitration_board|tenancy_board|labour_inspectorate|cpsc|ofgem|ofwat|cnil|accc|bafin"
)
_OUR = "my|our|his|her|their"
# What nobody may be treated worse for.
_PROTECTED = (
    "skin|race|religion|hijab|headscarf|veil|turban|kippah|accent|disability|disabilities|wheelchair|gender|age|"
    "ethnicity|ethnic_background|nationality|colour|color|sexuality|sexual_orientation|guide_dog|service_dog|"
    "assistance_dog|service_animal|pregnancy|faith|surname|origin|descent|autism|stutter|hearing_aid"
)
_BIASED = (
    "racist|sexist|homophobic|transphobic|ableist|discriminatory|racial|sexual|antisemitic|anti_semitic|islamophobic|"
    "misogynistic|xenophobic|derogatory"
)
_DISABLED = (
    "i'm_blind|i_am_blind|i'm_deaf|i_am_deaf|is_blind|is_deaf|partially_sighted|visually_impaired|hard_of_hearing|"
    "wheelchair_user|wheelchair_users|screen_reader_user|screen_reader_users|blind_customers|blind_users|"
    "deaf_customers|"
    "deaf_people|blind_people|disabled_people|disabled_customers|i'm_disabled|i_am_disabled|in_a_wheelchair|amputee|"
    "deaf_customer|deaf_person|blind_customer|blind_person|blind_user|disabled_customer|disabled_person|disabled_user"
)
_AIDS = "screen_reader|screen_readers|braille_display|talkback|nvda|hearing_aid|hearing_aids|guide_dog"

EVENTS = f"""
    {_LAWYER} will|is_going|has|have|about|to_contact|involved|on_it|said|sent|letter|would|are -in_the|friend|client
    {_OUR} [own] {_LAWYER} -friend|friends
    from|by|to|with|through|via [a|an|my|our|the] {_LAWYER} -friend|friends|who_love
    hear|hearing|expect .. {_LAWYER}|court|summons
    contact|contacting|contacted|call|calling|consult|consulting|instruct|instructed|retain|retained \
        [a|an|my|our|the] {_LAWYER}
    ask|asked|asking|phoned|rang|emailed|engaged|engaging|appointed|appointing|briefed|briefing|met|saw|got|found \
        [a|an|my|our|the] {_LAWYER} -friend|friends|joke|jokes|show
    {_LAWYER} advised|advises|thinks|believes|tells|told|writing|wrote|writes|drafting|drafted|looking|looks|reviewing|
        confirmed|confirms|to_look
    legal cover|insurance|protection|expenses|aid|adviser|advisor|representative|representation -advisor_app
    let|ask|have|before|to|in_front_of|by a|the judge|court|arbitrator|mediator|tribunal|magistrate \
        [will|can|should|to|must] decide|rule|settle|hear|sort
    judge|court|tribunal|arbitrator will|can|should|to|must|shall [have_to] decide|rule|settle|hear
    county_court|civil_court|district_court|court_summons|court_papers|subpoena|magistrates|{_OFFICE}
    claiming|seek|seeking|demand|demanding|pursue|pursuing|owe compensation|damages -offered|for_the_delay
    compensation for the|my|our|her|his|this injury|injuries|pain|suffering|harm|loss_of_earnings|trauma
    insurer|insurers|underwriters .. recover|claim|pursue|sue ... from_you|against_you|you
    hold|holding you|brandname [fully|personally|entirely] responsible|accountable
    under|per|by [the|eu|uk|state|federal|national] consumer|sale_of_goods|equality|data_protection|distance_selling \
        law|rights|rights_act|act|regulations|directive|protection
    getting|hire|hiring|hired|involve|see|seeing|seek|seeking [a|an|my|our|the] {_LAWYER}|legal_advice|legal_help
    talk|speak|talking|speaking|spoke|spoken|talked .. {_LAWYER}
    lawyering|lawyer up
    sue you|them|your|the_company|for|over|this_company|brandname|ya|u
    suing [you|them|your|the|this|for|over|brandname]
    small_claims_court|trading_standards|gdpr|unlawfully|illegally|ombudsman|ombudsperson
    going|gonna|will|i'll|we'll|should|could|might|want|wants|need|ready|plan|planning|threatening|considering|
        entitled|consider [to] sue|suing
    legal|court action|proceedings|notice|threat|order|recourse|claim|steps|dispute -study
    take|taking|took|see|seeing|bring|bringing|go|going|meet|taken [you|them|this|it|brandname|each_other|the_matter|
        us|me] [all] [to|in|before] [a|the|civil|federal] court|arbitration|tribunal|small_claims \
        -side|of_appeal_ruled|for_jury|jury
    day in court
    in|to|at|through|with|before small_claims
    consumer court|forum|protection|affairs|rights|commission|council|watchdog|association|advice_bureau|ombudsman \
        -day|score
    report|reported|reporting|complain|complained|complaining|complaint|escalate|escalated|escalating|turn|turned|go|
        going|went|write|wrote|written .. to|with [the] [financial|energy|federal|data|local|state|national|aviation|
        health] {_WATCHDOG}
    report|reporting|reported you|them|your|brandname [company|all|shop|store] to
    with|to|before|by|contacted|contacting|at the [financial|energy|federal|national|local|telecom|market|state|
        banking] regulator|regulators|regulatory_body|attorney_general|health_inspector|health_department|
        fire_marshal|labour_board|labor_board|human_rights_commission|equality_commission|data_protection_authority|
        information_commissioner|watchdog|antitrust_authority|transport_authority
    data protection|subject_access officer|authority|request|complaint|commissioner|agency|law|act|violation|breach
    subject access request
    breach of contract|trust_law|consumer
    cease|against and_desist|the_law
    your breach|violation of
    statutory rights|right|warranty
    legally responsible|liable
    held|hold|holding|be|are|is liable|accountable_in_court
    violates|violating|violation|violated|breaches|infringes|infringing|infringed [of] [the|my|our] \
        law|laws|rights|gdpr|privacy|privacy_rights|human_rights|act|copyright|patent|trademark
    file|filed|filing|lodge|lodged|lodging|made|make|making|submit|submitted a|an [formal|official] \
        police|fir|bbb|cfpb|fcc|ftc|dot|formal|official|complaint_with|complaint_to|complaint_at|report_with
    contact|contacted|contacting|call|calling|report|reported|complaint|complained|notify|notified|notifying|asked|
        telling|told|write_to|writing_to .. bbb|cfpb|ftc|fcc|ico|fca|faa|ofcom|rbi|cma
    better_business_bureau|financial_conduct_authority|letter_before_action|pre_action_letter|civil_suit
    copyright|trademark|patent|privacy|gdpr infringement|violation|breach|complaint
    police|cyber|crime report|complaint|reference|case|crime -show|drama|series|novel
    report|reported|reporting|going|go|went|gone|call|called|calling|contact|contacted|contacting|informed|told|
        involve|involved|spoke|notified|complaint|inform|statement .. police -said|say|drama|show
    police [are|were|is|was|now|already|officer|officers|have_been] involved|called|informed|notified|came_to|took_my|
        took_a_report|investigating_my
    discriminated|discriminates|discriminating|discriminate against me|us|my|our|her|him|people|women|customers|
        disabled|black|older|gay|passengers|families|anyone
    discriminated|discriminating me|us|because|based|by
    is|pure|clear|blatant|racial|age|gender|disability|sex|price|against|of discrimination -lawsuit|suit|case
    {_BIASED} remark|remarks|comment|comments|slur|slurs|joke|jokes|staff|employee|employees|driver|agent|policy|
        policies|treatment|behaviour|behavior|abuse|harassment|insult|insults|manager|host|service|message|messages|
        profiling|advances|question|questions|towards|toward|to_me|to_my
    racially|sexually profiled|abused|harassed|insulted|motivated|assaulted|discriminated
    harassed|harassing|groped|assaulted|stalked|stalking|threatened me|my|us|him|her|by
    because|on_account of {_OUR} .. {_PROTECTED} -of_experience
    because|for_being .. deaf|blind|black|muslim|jewish|asian|indian|gay|lesbian|trans|transgender|pregnant|disabled|
        autistic|hispanic|latino|african|arab|mexican|a_foreigner|in_a_wheelchair|an_immigrant \
        -friday|screen|background|mode|color|colour|out|box
    don't|not|won't|doesn't|cannot|can't|refuse_to serve|seat|accommodate|rent_to|want people|customers|guests like \
        you|us|me|them|him|her
    remark|remarks|comment|comments|joke|jokes|laughed|laughing|insulted|mocked|mocking about|on|of|at|me_for|for \
        {_OUR} .. {_PROTECTED}
    don't|not|won't|doesn't|wouldn't|refuse_to|refused_to|refuses_to|never \
        serve|seat|take|want|help|accept|hire|sell_to|rent_to|deal_with|like|let_in \
        people|customers|guests|women|anyone|someone|families|passengers|tenants from|of|with|like \
        my|our|his|her|your|that|those|this [part|kind|sort] country|countries|race|religion|background|kind|sort|
        colour|color|faith|accent|age|disability|skin|origin|of_the_world
    told|tells|shouted|said|yelled|asked [at] [me|us|him|her|them] [to] go back|home to|where
    made|making|makes|passed|passing [rude|nasty|strange|several|some|personal] remark|remarks|comment|comments|joke|
        jokes about|on {_OUR} .. body|weight|figure|breasts|looks|appearance|size|legs|chest|skirt|marriage
    inappropriate|lewd|suggestive|creepy remark|remarks|comment|comments|message|messages|touching|pictures|behaviour|
        behavior|gesture|gestures|way
    grabbed|groped|slapped|shoved|punched|pushed me|us|him|her|my_wife|my_daughter|my_son|my_mother \
        by_the_arm|out_of|out_the|against|over|down|from_behind|to_the|in_the|on_the -in_the_right|gut|feels
    spat|leered|catcalled at|on me|us|him|her|my_wife|my_daughter
    texting|messaging|calling|phoning|contacting|ringing|following me|us|her ... private|personal|home|at_night
    to court -martial|side|room|jester|with_my|customers|new|young|the|a|her|him|for_tennis|today_for_tennis
    filed|filing|registered|opened .. with|at [the|a] {_WATCHDOG}
    because .. i'm|i_am|she's|she_is|he's|he_is|we're|we_are|of_being [a|an] \
        foreign|foreigner|woman|female|trans|brown|chinese|turkish|polish|roma|african|immigrant
    you|you're|you've|this|which|brandname [are|have] broke|breaks|breaking|broken|break|violate|ignore the law|laws
    told .. i'm|i_am|i_was|she's|she_was|he_was|he's|we_are|we're \
        too old|fat|black|foreign|brown|dark|disabled
    touched|touching|touches me|my|her|his ... without_asking|without_consent|inappropriately|breast|breasts|bottom|
        thigh|did_not_want|didn't_want|private_parts
    can't|cannot|couldn't be_used|be_operated|be_reached|be_entered|be_read|be_navigated ... \
        screen_reader|wheelchair|wheelchairs|blind|deaf|keyboard_only|disabled
    doesn't|does_not|don't|do_not|won't|not work|works|function|compatible|usable with|for .. \
        screen_reader|screen_readers|talkback|voiceover|nvda|braille_display
    blind|deaf|disabled father|mother|husband|wife|son|daughter|brother|sister|friend|dad|mum|mom|aunt|uncle .. \
        can't|cannot|unable|couldn't|wasn't|was_not|isn't|refused
    data_protection|consumer_protection|privacy|equality|human_rights office|officer|board|regulator|commission|
        inspectorate|agency|bureau
    followed|follows|following me|us|him|her [all] around|round|through [the|your] shop|store|mall|aisles|house|street
    because of how|what|who|where i|we look|look_like|am|are|come_from|am_from
    women|foreigners|muslims|jews|disabled_people|black_people|gay_people|girls|immigrants \
        are_not_allowed|aren't_allowed|not_welcome|don't_belong|can't_sit|can't_enter|can't_join|can't_come|
        cannot_sit|cannot_enter|cannot_join|shouldn't_be_here
    asked|asking|asks|wanted_to_know .. if|whether i live_alone|am_single|was_single|am_married|lived_alone|
        have_a_boyfriend|had_a_boyfriend|have_a_husband
    request|requests|demand|demands to|for|of .. erase|delete|erasure|deletion .. data|information|details|records
    equality|consumer_rights|data_protection|disabilities|discrimination|consumer_protection|human_rights|
        sale_of_goods|consumer_credit act|law|laws|regulations|legislation
    {_DISABLED} ... \
        only|can't|cannot|couldn't|no|not|unable|impossible|won't|doesn't|without|never|nothing|refused|denied
    {_AIDS} .. can't|cannot|couldn't|doesn't|does_not|don't|skips|unusable|useless|unlabelled|unlabeled|nothing|stuck|
        excluded|unable|locked_out|shut_out
    can't|cannot|couldn't|unable_to|no_way_to|impossible_to .. with|in|using [my|a|his|her|our|the] \
        wheelchair|walker|crutches|mobility_scooter|guide_dog|screen_reader|braille_display
    no|without|lacks|missing [any|a|working] ramp|ramps|step_free|wheelchair_access|disabled_access|accessible_toilet|
        disabled_toilet|hearing_loop|braille|accessible_entrance|level_access|wheelchair_space
    not|isn't|aren't|wasn't|hardly|barely|in wheelchair|accessible accessible|friendly|for|to|by .. \
        wheelchair|wheelchairs|blind|deaf|disabled|visually|impaired|people|users|mobility
    accessibility|ada|wcag complaint|law|laws|lawsuit|act|violation|violations|requirements|obligations
    you|you're|you've|they're|brandname [are|have|is|has|had|still|been] [still|been] \
        use|used|uses|using|posted|printed|put|took my|our|his|her [own|wedding|family|daughter's|son's] \
        photo|photos|picture|pictures|image|artwork|design|drawing|song|face|voice|name .. \
        in|on|for|without .. advert|advertisement|ad|ads|advertising|campaign|brochure|marketing|consent|asking|
        permission|credit|paying|billboard|website|catalogue
    stole|copied|plagiarised|plagiarized|ripped_off my|our|her|his design|designs|artwork|photo|photos|logo|work|song|
        pattern|text|drawing|idea
    asked|asking|requested|demanded|told ... delete|erase|remove|deletion_of|erasure_of [all] my|our|her|his \
        [personal] data|details|information|records
    data|information|personal_data|everything [that|which] you|they|brandname hold|holds|have_stored|store|keep|
        collected|have_collected|have on|about me|us|my
    {_OUR} .. {_PROTECTED} [was|is|were] the_reason|why|cited|made_fun_of|mocked|an_issue_for_them
    refused|denied|turned_away|turned_me_away|refuse|kicked_out|barred ... {_PROTECTED} -of
    not|wouldn't|would_not|won't let|serve|seat|board|accept|allow ... {_PROTECTED} -of|of_wheels
    charge|charges|charged|charging|pay|pays|paid women|foreigners|immigrants|disabled|muslims|older_people|black|
        asian|gay [more|less|people] [more|less|extra]
    equal pay|treatment_act|opportunities_act
    class_action against|you|for|lawsuit|suit|is|over|about|in -settlement_against
    lawsuit against|over|because you|your|this|that|brandname|it
    illegal|unlawful|against_the_law [of] you|your
    what|that|this|it [you|they|your|seems|is|is_probably|looks|must|has] [do|did|are_doing|is|be|to_be] [is] \
        illegal|unlawful|against_the_law -to_park|here|in|immigrant|streaming
    sued|suit me|us|for_damages|against_you
"""

TOPICS = """
    illegal|unlawful|against_the_law -to_park|here|in|drugs|download|downloads|downloading|streaming|immigrants
    that's|totally|possibly|probably|literally [this|it|even] illegal|unlawful|against_the_law -to_park|here|in
    legal|court case|team|advice -study
    legal rights|right|obligation|duty
    discrimination|discriminates
    lawsuit|lawsuits|class_action|class_actions
    legally required|obliged|binding|entitled|bound
    consumer|employment|labour|labor|contract|disability law|laws|rights_act|act
"""
