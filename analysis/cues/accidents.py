"""Further phrases of harm: what gives way under people, gets into them or makes them ill, and who has to treat them.

Like EVENTS of analysis.cues.safety, in the notation of analysis.cues.phrases. Each line is a way in which harm is
told: a living being or a part of its body, what was done to it, and what did it.
"""

from __future__ import annotations

from analysis.cues.bodies import BODY, FAILS, FASTENER, FLESH, FOOD, LIVING, LIVINGS, OUR

_HARMED = (
    "burn|burned|burnt|scalded|singed|cut|hurt|injured|pinched|trapped|scratched|grazed|bruised|broke|crushed|squashed|"
    "jammed|pricked|stabbed|sliced|nicked|irritated|scraped|pierced|bit|caught|twisted|sprained|stung|tore"
)
_IS_HARMED = (
    "burned|burnt|scalded|blistered|cut|swollen|bleeding|bruised|broken|fractured|crushed|squashed|numb|itching|itchy|"
    "inflamed|irritated|sore|caught|trapped|stuck|jammed|pinched|sucked|stung|raw|peeling|"
    "puffy|red|swelling|stinging|burning"
)
_FURNITURE = (
    "ladder|stepladder|chair|stool|bench|bed|bunk|cot|crib|shelf|shelves|swing|hammock|table|sofa|couch|buggy|pram|"
    "pushchair|stroller|highchair|wheelchair|wardrobe|dresser|bookcase|cupboard|cabinet|trampoline|seat|"
    "saddle|scooter|bike|step|stairs|ramp|railing|banister|frame|toilet|deckchair|walker|slide|stand|tv"
)
_GIVES_WAY = (
    "folded|collapsed|tipped|toppled|buckled|gave_way|gave_out|came_down|fell_over|fell_apart|slid_away|slipped|"
    "snapped|broke|cracked|split|bent|flipped|tilted|capsized|crashed_down|shut|closed"
)
_VESSELS = (
    "glass|teapot|cup|mug|vase|plate|teacup|flask|thermos|tumbler|beaker|decanter|cafetiere|kettle|pot|dish|bowl|jug|"
    "jar|bottle|tin|tube|aerosol|cylinder|cooker|fryer|sunroof|window|windshield|windscreen|hob|cooktop|worktop|screen"
)
_PROTECTS = (
    "helmet|visor|goggles|lifejacket|life_jacket|life_vest|carabiner|parachute|knee_pads|mouthguard|ear_defenders"
)
_HOSPITAL = "hospital|er|a_e|emergency_room|emergency_department|icu|intensive_care|burns_unit|urgent_care|casualty"
_DOCTOR = (
    "doctor|doctors|doctor's|dermatologist|vet|vets|dentist|gp|paediatrician|pediatrician|allergist|optician|"
    "paramedic|paramedics|nurse|physician|pharmacist|surgeon|ophthalmologist"
)
_DIAGNOSIS = (
    "burn|burns|reaction|infection|infected|fracture|fractured|concussion|allergy|allergic|poisoned|poisoning|"
    "dermatitis|eczema|rash|injury|damage|damaged|caused|did_this|toxic|blocked|obstruction|irritated|swollen"
)
_MEDICINE = (
    "pill|pills|tablet|tablets|capsule|capsules|medicine|medicines|medication|medications|drops|syrup|inhaler|insulin|"
    "prescription|vaccine|painkillers|antibiotic|antibiotics|ointment|vitamins|supplement|supplements"
)
_ALLERGEN = (
    "nut|nuts|peanut|peanuts|milk|egg|eggs|gluten|dairy|lactose|shellfish|soy|soya|sesame|wheat|almonds|hazelnuts|"
    "cashews|walnuts|fish|mustard|celery"
)
_ILL = "sick|ill|unwell|poorly|nauseous|dizzy|light_headed|lightheaded|faint|drowsy|diarrhoea|diarrhea"
_SEVERE = (
    "collapsed|fainted|vomited|vomiting|threw_up|throwing_up|convulsing|seizure|seizures|limping|drooling|wheezing|"
    "gasping|unconscious|unresponsive|paralysed|paralyzed|passed_out|blacked_out|lethargic|ill|sick|unwell|poorly"
)
_CRITTER = (
    "cockroach|cockroaches|roach|roaches|maggot|maggots|larvae|weevils|weevil|bedbugs|bed_bugs|rats|rat|mice|slug|"
    "worms|beetles|beetle|lice|fleas|caterpillar|mouse_droppings|rat_droppings"
)
_ELECTRIC = (
    "charger|phone|laptop|tablet|plug|cable|adapter|adaptor|socket|toaster|kettle|dryer|router|tv|outlet|heater|"
    "blanket|"
    "dishwasher|fridge|freezer|microwave|hairdryer|straighteners|lamp|bulb|monitor|speaker|console|machine|washer|"
    "vacuum|"
    "mixer|blender|motor|battery|batteries|bank|fan"
)
_WHEN = "when|whenever|each_time|every_time|as_soon_as|if|while"

EVENTS = f"""
    {_HARMED} [{OUR}] {LIVINGS} [little|left|right|whole] {BODY}
    {LIVINGS} [little|left|right|whole] {BODY} [has|have|is|was|are|were|got|gets] [been|got|all|badly] {_IS_HARMED}
    {OUR} {FLESH} have|has|had|is|are|was|were [been|got|gone|become] .. swollen|blistered|bleeding|peeling|
        inflamed|stinging|itching|itchy|bruised -with_pride|joy
    {OUR}|{LIVINGS} eyes|eye have|has|had|keep|kept [been] .. streaming|watering|weeping|stream|swollen \
        -with_laughter|with_joy|at_the_beauty
    lodged|embedded|stabbed|poked|sliced|pierced|tore in|into|through {OUR} [left|right] {FLESH}|foot|leg|arm
    splashed|squirted|sprayed|dripped|spilled|spilt|flew|shot|spat|exploded|leaked|leaks [up|right|straight|all|hot] \
        in|into|over|on|onto [all] {OUR} {BODY}|{LIVINGS}
    got|gets|went|goes|get [right|straight] in|into {OUR} eyes|eye -with
    lost .. hearing|eyesight|vision|balance|footing|eyebrows|eyelashes|fingernail|toenail|sensation -loss|aid
    {OUR}|{LIVINGS} ears ringing
    see|breathe|hear|walk|swallow|stand|sit [properly|anything|clearly|normally] for [a|an|about|over] [few|couple_of|
        two|three|several|half] hour|hours|minutes|days|week|weeks
    landed|fell [hard|heavily|flat|straight] on {OUR} hip|back|knee|knees|shoulder|elbow|wrist|head|face|tailbone|
        ribs|side|bottom|chin|arm|coccyx
    threw|flung|hurled|pitched|catapulted me|him|her|us off|over|against|to_the_ground|onto|forward
    drew|draws blood
    blood everywhere|all_over|on_my|running|dripping|pouring|coming -of
    bleeding|bled badly|heavily|for|a_lot|from|everywhere|profusely|all_over -edge|money|customers|hearts
    {_FURNITURE} [just|suddenly|leg|has] {_GIVES_WAY} [up|over|down|in_two|in_half|apart|open|shut] \
        under|underneath|beneath|while|on|onto|with me|us|him|her|i|we|he|she|my|our|his|someone|somebody|people|a
    {_FURNITURE} .. {_GIVES_WAY} .. under|underneath|beneath|nearly_hit|almost_hit|nearly_crushed|almost_crushed
    {_PROTECTS} [has|have|just|simply|shell|strap] cracked|cracks|split|splits|shattered|snapped|came_off|failed|
        tore|broke
    {_PROTECTS} {FAILS} hold|inflate|open|protect
    smoke|fire|monoxide|gas|heat alarm|alarms|detector|detectors [simply|just] {FAILS} [even] \
        go_off|sound|work|beep|trigger|react|respond
    extinguisher|airbag|airbags {FAILS} [even] go_off|sound|work|beep|trigger|react|respond
    brake|brakes|steering|throttle|seatbelt|seat_belt|handlebar|handlebars on|of|in the|my|our|this|your \
        [new|rental|hire|front|rear|electric] .. {FAILS}|failed|gave|locked|seized|stopped|came|snapped|broke|jammed
    {FASTENER} [just|suddenly|keeps|always|buckle|clip] opens|opening|unlocks|unclips|unlatches|releases|opened|
        pops_open|comes_undone|came_undone|comes_loose|came_loose {_WHEN}|as|by_itself|on_its_own|during|mid_ride
    went|drove|rode|crashed|ran|rolled|skidded|slid|swerved|veered|drifted [straight|right] into|off a|the|my|our \
        hedge|wall|tree|ditch|fence|parked|kerb|curb|railing|pole|lamp|lamppost|river|barrier|guardrail|bus|truck|lorry
    nearly|almost landed|fell|came_down|dropped|tipped|toppled|hit|crushed|squashed|trapped|killed|poisoned|blinded|
        drowned [over|down] [on|onto] {OUR} {LIVING}|head|foot|hand|eye|toes
    nearly|almost [went|drove|rode|ran|fell|slid] into|under a|the|an car|lorry|truck|bus|tree|wall|train|oncoming
    {_VESSELS} [just|suddenly|has|simply] burst|exploded|shattered|cracked|imploded|split|blew_up|popped \
        {_WHEN}|as|in_my_hand|in_my_hands|in_our|from_the_heat -opening|delivered|shipping|arrived
    so|too hot ... can't|cannot|couldn't|could_not|barely|hardly [even|barely|hardly] \
        touch|hold|handle|grip|wear|sit_on|pick_it_up -off
    gets|got|getting|becomes|became|runs extremely|insanely|dangerously|incredibly|scarily|
        alarmingly|burning|scorching|worryingly hot -water|coffee|food|outside|here|in_the|weather|day|topic
    tingle|tingling|buzz|prickle|current|electricity|shock|jolt through|in|up|down {OUR} [left|right|whole] \
        hand|hands|arm|arms|finger|fingers|wrist|body
    tingle|tingles|tingling|zap|prickles .. {_WHEN} .. touch|touched|plug|hold|pick
    live|tingly|tingles to the touch -music|concert|show
    spent|spend|spending .. night|day|days|nights|evening|hours|weekend|week|morning|afternoon \
        in|at [the|a|our|your] [children's|local] {_HOSPITAL} -for_work|visiting|shift
    in|at|to|from [the] {_HOSPITAL} .. because|after|with_burns|with_a_broken|due|thanks_to|from_your|with_my|with_our \
        -work|shift|visiting
    {_DOCTOR} [also|has|now] says|said|thinks|told|confirmed|believes|reckons|confirms|suspects|diagnosed|found|blames|
        treated|removed|stitched|prescribed ... {_DIAGNOSIS}
    had|have|has|needed to [go_to|see|visit|call|take_him_to|take_her_to|bring_him_to|rush_to|take_it_to] \
        [the|a|my|our|her|his|an] [emergency|eye] {_DOCTOR}|clinic|walk_in_clinic .. \
        because|after|afterwards|due|since|thanks_to|from -work|moving
    stomach|tummy [had_to_be|was|is] pumped|upset|cramping|cramped|bug
    upset|bad|dodgy|queasy|sore|funny stomach|tummy|belly after|since|from|all
    {_ILL} [all|the|for|that|in] [whole|two|three|next|following] day|days|night|evening|weekend|hours|week|morning \
        after|from|because|since -work|home|school|surgery|seeing|reading|waiting
    {_ILL} .. eating|drinking|swallowing|tasting|inhaling|breathing your|the|my|that|this|a|it|one|some -news
    {_ILL} from|after|with|when|while .. fumes|smell|spraying|using|chemical|chemicals|odour|odor|gas -with_envy
    everyone|everybody|both_of_us|half_of_us|family|table|party|guests|class|we|kids|children \
        was|were|got|fell|felt [all|both|really|so|very|violently|quite|terribly] {_ILL} \
        [all|the|for|that] [night|day|next_day] after|from|since|because|of_it|afterwards|overnight -waiting|work
    {LIVING} .. {_SEVERE} .. after|from|because|since|minutes|hours -work|school|home|waiting|school_trip
    poisoned|poisoning {OUR} .. {LIVING}
    fumes|vapours|vapour|vapors|bleach|chlorine|ammonia|solvent|chemicals .. made|makes|gave|gives|left|burned|burns|
        stung|stings|hurt .. me|us|my|our|him|her|everyone|eyes|throat
    smell|odour|odor ... headache|headaches|dizzy|nauseous|cough|coughing|eyes_water|sore_throat -relief
    told|assured|promised|claimed [me|us] .. no|without|free_of|not_contain [any|traces_of] {_ALLERGEN} .. \
        but|and_it|and_there|then|turned_out|had|contained|it_did|reacted -with
    told|assured|promised|informed ... had|contained|was|were no|without|free_of [any|traces_of] {_ALLERGEN}
    told|assured|promised|informed ... didn't|did_not|wouldn't contain|have [any|traces_of] {_ALLERGEN}
    reacted|reacts [badly|strongly|to_it|to_the_cream|to_something] within|badly|straight_away|immediately|minutes
    {_MEDICINE} [are|were|is|was|in_the_box|in_the_packet|you_sent|i_got|i_received|bottle|label] \
        [are|were|is|was|has|have|had|says] .. twice|double|half|triple|ten_times|wrong|different|not|stronger \
        [the|my] strength|dose|dosage|ones|patient|person's|name_on_it|drug|what_i_was_prescribed
    twice|double|triple|half|ten_times|three_times the|my prescribed|normal|usual|recommended|right|correct|safe \
        dose|dosage|strength
    wrong|different|somebody_else's|someone_else's|another_patient's|expired|out_of_date {_MEDICINE}|prescription
    mixed|mix|mixes|swapped|confused up|with|our|my|the {_MEDICINE}|prescriptions|doses
    {LIVING} [can|could|managed|was|is|has] [able|been] [to|easily] swallow|choke|climb_out|fall_out|unbuckle|
        wriggle_out|get_trapped|get_stuck
    {OUR}|{LIVINGS} {FLESH}|face|neck|feet|legs|arms has|have|is|was|are|were|feels|felt|turned|started ... \
        swollen|blistered|bleeding|peeling|stinging|burning|itching|itchy|scarred|infected|inflamed|numb|bruised \
        after|since|from|because|where|when|all_over|every_time
    {OUR} hair [is|was|has|started|keeps|began|just] [been|to] falling|fall|fell|coming|came|comes out|off
    clumps of [my|her|his|our|the] hair|fur
    lost|losing .. hair since|after|from|because
    took|taken|lost|cut|sliced|ripped|tore|chopped|missing a|the tip|top|end|part|piece|bit|chunk of {OUR} \
        [left|right|index|ring|little|big] {BODY}
    badly|severely|terribly sunburnt|sunburned|burnt|burned|scalded|bruised|hurt|cut -toast
    popped|exploded|burst|sparked|zapped|shattered|cracked in|on {OUR} ear|ears|hand|hands|mouth|lap|pocket|face
    started|starts|began|begins [to] smoke|smoking|spark|sparking|melt|melting|hiss|hissing \
        -weed|cigarettes|pot|meat|ribs|again_after|away|in_my_mouth
    it|just|suddenly sparked|sparks -joy|a|an|my|interest|debate|ideas|the|creativity|of|outrage|conversation
    sets|set|setting .. alight|ablaze
    outlet|socket|plug|wall|wires [is|was|has|are|had] [now|gone|turned|all|completely] \
        charred|scorched|blackened|burnt|burned
    outlet|socket|plug|plugs|cable|cord|adapter|strip [has|is|are] went|gone|turned|turning|going black|brown|warm
    cord|cable|cables|lead|wire|insulation [is|are|has|was] [been|already|completely|badly] \
        frayed|worn_through|split_open|bare|chewed_through|exposed
    gas bottle|canister|cylinder|tank|hose|pipe .. hisses|hissing|leaks|leaking|leaked
    airbag|airbags [just|suddenly] deployed|went_off|exploded|inflated
    chain|rope|strap|harness|wheel|handlebar|handlebars|pedal|stem|fork|saddle|tyre|tire|wheels|seat|bolt|axle|hook \
        .. came|fell|snapped|broke|worked|comes|flew .. while|as|when|on|at|during|and .. \
        road|street|downhill|hill|ride|riding|speed|motorway|highway|driving|crossing|bend|stairs|traffic|mph|
        landed|fell|crashed|injured|hurt
    {LIVING}|i|we|she|he [nearly|almost] fell|landed|thrown [hard|out|off|flat|down] .. \
        concrete|ground|pavement|tarmac|asphalt|stairs|rocks|tiles -asleep|in_love
    lift|elevator|stairlift|escalator|ride|rollercoaster|gondola|chairlift .. stopped|stuck|dropped|jerked|broke ... \
        stuck|trapped|inside|halfway|between|hours
    found|finding|finds|discovered|noticed|spotted a|an|some|two|several|live|dead|tiny \
        [dead|live|long|used|small|black|piece_of|bit_of] \
        plaster|band_aid|worm|worms|insect|insects|fly|bug|bugs|beetle|ants|maggot|maggots|glass|metal|
        moth|larvae|spider|mouse|slug .. in|inside|on|at my|our|the|his|her|your|it .. {FOOD}
    there was|were|is|are [a|an|some|bits_of|pieces_of|a_piece_of|a_bit_of] [dead|live|long|tiny|sharp] \
        glass|mould|mold|maggots|maggot|worms|worm|insects|bugs|larvae|cockroach|fly|ants|spider|needle|blade \
        in|inside|on|at|crawling it|them|there|the_bottom|the_middle|mine|one_of|both -clear|bottle|dryer
    glass in|at the bottom|middle -of_the_cabinet
    raw|undercooked|bloody in|on|inside the middle|inside|centre|center -denim
    still|completely|totally|half raw -footage|data|file|files|denim
    not|isn't|wasn't what|the_ones i|we|he|she|my_doctor [was|am|is|were|had_been|have_been|has] prescribed
    {_MEDICINE} .. gave|gives|dispensed|delivered|injected .. too|double|twice|nothing
    felt|feel|feeling|feels [really|very|so|quite|a_bit|extremely] {_ILL}|shaky|breathless .. \
        after|since|from|because|taking|using -hearing|reading|seeing|watching
    headache|headaches|nausea|palpitations|sore_throat|coughing|nosebleeds for|until|ever_since .. \
        days|weeks|engineer|leak|window|windows|smell|paint|mattress|machine
    waiter|waitress|staff|server|chef|cook|barista|menu .. said|told|swore|promised|assured|confirmed ... \
        was|were [completely|all] {_ALLERGEN} free
    {LIVING} .. stopped_eating|put_to_sleep|on_a_drip|stomach_pumped|operated_on|blocked_intestine
    splashed|squirted|sprayed|spat|spilled|spilt|spurted|spits|sprays ... onto|over|on|into {OUR} {BODY}|{LIVING}
    cuts|scratches|grazes|scrapes|burns|welts|sores|bites on|over|all_over|across {OUR} [whole] {BODY}|{LIVINGS}
    i|we|he|she|{LIVING}|me|him|her [nearly|almost] ended_up|landed|lying|lay on|against the floor|ground|pavement|
        tarmac|road|stairs
    nearly|almost tipped|rolled|fell|ran|slid|slipped [over|out] into|onto|off|under the|a \
        road|street|traffic|platform|tracks|water|stairs|edge|pond|pool|balcony
    {FASTENER} [simply|just|still] {FAILS} [even] unlock|unbuckle|undo|unclip|tighten|come_undone|stop|let_go
    got|get [the|a|its|his|her] [cord|elastic|rope|string|strap|ribbon|leash] round|around his|her|their|
        {LIVINGS} neck|throat
    caught|wrapped|pulled|tangled|tightened|stuck ... round|around his|her|their|{LIVINGS} neck|throat|necks
    {_CRITTER} [was|were|alive|crawling|running] in|inside|on|out_of|under|from|between|behind \
        my|our|the|your|his|her|it|this|one|a -web|garden|game|wheel
    made|makes|making|left|leaves {OUR} .. {FLESH} bleed|bleeding|burn|itch|sting|swell|peel|numb|raw|blistered|swollen
    asthma|anaphylactic|epileptic attack|fit|seizure
    gave|gives|giving|triggered me|us|him|her|my|our .. \
        asthma|cramps|diarrhoea|diarrhea|palpitations|hives|rash|blisters|seizure|nosebleed|frostbite|infection
    gave|gives|giving|emits|emitting|emitted off|out|toxic|thick|black|some fumes|smoke|sparks -signals
    given|gave|sold|handed|dispensed .. wrong|adult|another|somebody|someone|different|expired .. {_MEDICINE} -shop
    {_DOCTOR} [has|also|then] told|advised|said|says|asked|wants .. stop|avoid|quit \
        using|taking|eating|wearing|giving|drinking|it
    gave|gives|give|giving|left|leaves|caused|causes .. a|an|some|two|with [bad|small|big|nasty|little|deep|severe] \
        burn|burns|shock|rash|cut|cuts|bruise|bruises|scar|scars|concussion|infection|fever|injury|splinter|wound|gash|
        fracture -to_the_chase|of_the|above|out|in_price
    throws|throwing|threw|spitting|spits|shooting|shoots sparks -of_joy
    floor|floors|stairs|steps|ramp|pavement|rug|mat|tiles ... i|we|he|she|{LIVING} [nearly] fell|slipped|tripped
    set fire to -my_heart|the_stage|the_charts
    {_ELECTRIC} smoking|sparking|smouldering|sparked|smouldered -hot|weed|joy
    went|goes|stuck|drove|landed in|into|through {OUR} [left|right|big|bare] \
        foot|heel|toe|toes|finger|fingers|thumb|palm|leg|skin|knee|eye -of_the_storm
    made me|us|him|her|them break_out|faint|limp|wheeze|collapse -in_song|laughter|dance|with_laughter
    had|took|suffered a [bad|nasty|serious|heavy|hard] fall|tumble -sale|collection|wardrobe
    tooth|teeth|crown|filling|molar|denture [just] broke|cracked|chipped|came_out|fell_out|came_off|snapped \
        on|from|after|when|because|while|in
    something [black|green|white|small|live] [and] furry|moving|alive|slimy|crawling|hairy|rotten in|inside|on it|the|
        my|our|one
    {OUR}|{LIVINGS} {FLESH}|face|neck|arm|arms|leg|legs|feet [just|suddenly|then|immediately] \
        swelled|swells|bled|bleeds|blistered|stings|stung|itched|itches|peeled -with_pride|for
    nobody|no_one|never|not [has|had|ever|us] told|warned|said|mentioned|informed ... \
        contains|contained|has|had|there_was|there_were .. {_ALLERGEN}
    wrong injection|jab|drip|infusion|transfusion|vaccination
    stuck|trapped|locked in|inside [the|your|a|an|that] [hotel|glass] \
        lift|elevator|cabin|toilet|gondola|revolving_door|sauna|stairwell
    hit|struck|knocked_down|run_over|knocked_over|clipped|bitten|attacked by .. \
        van|driver|trolley|cart|door|gate|forklift|drone|pole|sign|barrier
    ran|run|drove|driven|backed|reversed|rolled over {OUR} {LIVING}|foot|feet|toes|leg|hand
    drove|backed|reversed|crashed into {OUR} {LIVING}|foot|feet|toes|leg|hand
    {OUR} eyes|eye|skin|scalp|lips|throat|mouth|face burn|burns|sting|stings|itch|itches|swell|swells \
        after|since|from|whenever|every_time -with|laughing|crying|onions|reading|the_spice|spice|the_chilli|
        chilli|the_heat|the_sun
    {_MEDICINE} weren't|aren't|wasn't|isn't|were_not|are_not|was_not|is_not [the] ones|one|what|those .. \
        label|box|packet|prescription|prescribed|bottle
    i|we|he|she|{LIVING} [nearly|almost|then] passed_out|fainted|blacked_out
    cracked|shattered|exploded|split|burst|melted while|when|as|during .. \
        cooking|pouring|baking|boiling|heating|eating|drinking|charging|sleeping|in_use|frying|washing_up
    scratched|bit|attacked|poisoned|choked|strangled|trapped|crushed|pinched|stung|stabbed|injured|electrocuted \
        {OUR} [little|old|poor|small|elderly|youngest|own] {LIVING}
"""
