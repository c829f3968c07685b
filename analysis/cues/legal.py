"""The phrases of law: steps against somebody, authorities, discrimination, in the notation of analysis.cues.phrases.

EVENTS tell of a step that is taken or announced, or of a wrong that was done. TOPICS are words of law, which people
also use for the world at large.
"""

from __future__ import annotations

_LAWYER = "lawyer|lawyers|attorney|attorneys|solicitor|solicitors|barrister|legal_team|legal_counsel"
_WATCHDOG = "fca|ftc|bbb|cfpb|fcc|faa|ofcom|ombudsman|regulator|regulators|rbi|asa|authorities|dot|cma|attorney_general"
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

EVENTS = f"""
    {_LAWYER} will|is_going|has|have|about|to_contact|involved|on_it|said|sent|letter|would|are -in_the|friend|client
    {_OUR} [own] {_LAWYER} -friend|friends
    from|by|to|with|through|via [a|an|my|our|the] {_LAWYER} -friend|friends|who_love
    hear|hearing|expect .. {_LAWYER}|court|summons
    contact|contacting|contacted|call|calling|consult|consulting|instruct|instructed|retain|retained \
        [a|an|my|our|the] {_LAWYER}
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
