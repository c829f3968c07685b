"""The phrases that tell of harm or danger to a body, in the notation of analysis.cues.phrases.

EVENTS say that something happened, or lies before the writer. TOPICS are words for danger, which people also use for
the world at large.
"""

from __future__ import annotations

from analysis.cues.bodies import (
    ALARM,
    BODY,
    BY_ITSELF,
    DEVICE,
    FAILS,
    FASTENER,
    FLESH,
    FOOD,
    FOREIGN,
    LIVING,
    LIVINGS,
    OUR,
    PLACE,
    VESSEL,
)

EVENTS = f"""
    burn|burns|burned|burnt|scald|scalds|scalded|singe|singes|singed|blister|blistered .. {BODY}
    burn|burns|burned|burnt|scalded|singed {OUR} .. {LIVING}
    burning|stinging|irritated|irritates|itching {OUR} .. {FLESH}
    burned|burnt me|us|him|them when|while|on|with|badly|as|through|quite|right
    scald|scalds|scalded me|us|him|her
    {OUR} [left|right|little|whole|entire|upper|lower] {BODY} [is|are|was|were|got|now] \
        [still|now|all|very|badly] burnt|burned|scalded|singed|blistered|cut|swollen|bleeding|bruised|broken|
        fractured|crushed|numb|itching|itchy|inflamed|irritated|sore
    {FLESH} [is|are|was|were|started|starts|began|got|have|has] [to|all|completely|immediately|up] \
        swelled|swelling|swollen|swell|itching|itch|bleeding|bled|peeling|tingling|blistered|closed_up|closing_up|
        burnt|burned|singed -with_pride
    a|an|some|small|bad|nasty|severe|two|painful|several|huge|big [small|bad|nasty|painful|big|red|itchy|little|
        second_degree] blister|blisters|rash|rashes|hives|welts|bruise|bruises|concussion|stitches \
        -decision|decisions|move|of|act|driver|pack|packs
    blister|blisters|bruise|bruises|hives|rash|rashes|welts on|all|from|after|within|everywhere|over|appeared
    broke|broken|breaking|breaks out in|with [a|an|hives|spots] [bad|awful|terrible|horrible|itchy|red] \
        rash|hives|spots|itch|reaction
    burn|scorch|scorched|singe mark|marks|hole|holes
    second|third|first degree burn|burns
    scalded|scalds|electrocuted|electrocutes|electrocution|electrocute
    too|so hot to|that|it|i touch|hold|handle|burned|burns|burnt|couldn't_hold|can't_hold|couldn't_touch|can't_touch
    too hot_to_touch|hot_to_hold|hot_to_handle
    overheats|overheated|overheating
    caught|catches|catching [on] fire -my|our_eye
    set|sets|setting my|our|his|her|itself .. on fire
    set|sets|setting the|a {PLACE}|{DEVICE} on fire
    set on fire
    burst|bursts|bursting into flame|flames
    {DEVICE} [just|literally|actually|suddenly|almost|nearly] went|goes|burst|going \
        up_in_smoke|up_in_flames|in_flames|into_flames
    {DEVICE} [is|was|went|got|are|were|it] [literally|actually|suddenly|just|now] on fire -sale
    it [was|got] [literally|actually|suddenly] on fire
    started|starts|causes|caused|causing a|an [electrical|small|little|kitchen|house] fire
    small|electrical|kitchen|electric fire -pit|place|pits|places|stick|truck|trucks|engine|heater|hazard|
        in_the_belly|station
    fire broke_out|started|in_my|in_our|in_the_kitchen|in_the_garage|in_the_engine
    fire brigade|department|fighters|service came|arrived|was|were|had_to
    flames coming|came|come|shot|shooting|behind|from|inside|under|out
    there was|were|are|is [some|a_lot_of|actual|real|small|visible|also|even] flames|smoke|sparks|burning
    saw|see|seen|noticed [some|actual|small] flames|smoke|sparks -signal|signals|machine
    smoke|smoking|sparks|sparking|flames|fumes [just|suddenly|started|was|were|is|are|began] [to] \
        coming|came|comes|come|pour|pouring|poured|billowing|rose|rising|filled|filling -up_short
    smoke|smoking|sparks|sparking|flames|fumes [out_of|from|everywhere|coming] [out] of|from|inside \
        [the|my|our|under|behind|inside|its|this|your] {DEVICE}|vent|vents|back|hood|inside|it
    sparks fly|flew|flying|shot|shoot when|whenever|from|out|every|each|across|everywhere|around
    {DEVICE} [has|have|just|suddenly] started|starts|began|begins|is|was|are|keeps|kept [to] \
        [slightly|badly|literally] smoke|smoking|spark|sparking|burning|melting|melt|hissing \
        -a|weed|calories|hot|good|through|fat
    {DEVICE} [just|has|have|had|is|was|were|got] [been|just|partly|partially|almost|nearly|completely|totally|
        half] melted|sparked|smoked|charred|scorched|melts|sparks
    melted|melts|melting|scorched|scorches|charred [a|the|my|our|onto|into|through|itself] .. \
        {DEVICE}|{PLACE}|counter|countertop|worktop|sheets|plastic|casing|wiring|nightstand
    smell|smells|smelled|smelt|smelling|stinks|odor|odour|scent [strongly|faintly|a_bit] [of|like] [something] \
        burning|burnt|gas|smoke|burned|petrol|fuel -station|grill|bbq|flavour|flavor
    smell|smells|smelled|smelt|smelling|odor|odour of|like melted|melting|melting_plastic|rotten_eggs|electrical|
        exhaust
    burning|burnt|burned|melted|melting plastic|smell|smells|rubber|wires|wire|odor|odour|cable|cables|insulation
    {ALARM} [just|has|have] went|goes|going|gone|was|were|set|been [set|triggered] off
    {ALARM} [just] {FAILS} [even] go_off|sound|work|react|ring
    {DEVICE} [just|has|have|had|suddenly|literally|almost|nearly|basically] [just|suddenly] \
        exploded|explodes|exploding|blew_up|blown_up|imploded|ruptured|detonated \
        -with|in_popularity|in_sales|in_value|in_size|over
    {VESSEL} [just|has|have|had|suddenly|literally|completely|spontaneously] [just] \
        exploded|explodes|shattered|shatters|burst|bursts|imploded -with|into_song|into_tears
    {VESSEL} .. shattered|shatters|exploded -with|my_dreams
    exploded|explodes|explode|exploding|shattered|shatters|burst|bursts|blew_up [right] \
        in|on|inside|near|beside|above|next_to|under|over|all_over my|our|his|her \
        {BODY}|{PLACE}|pocket|bag|lap|nightstand -at|with_joy
    exploded|explodes|exploding|shattered|shatters|burst|bursts|blew_up [right] \
        in|on|inside|near|beside|above|next_to|under the {PLACE}
    exploded|explodes|shattered|shatters|burst|imploded|blew_up [just] while|during|overnight|spontaneously|
        {BY_ITSELF}|as_i|as_we -scrolling|laughing|watching
    exploded|exploding|shattered|explodes on|at first|the_first use|try|charge
    lid|cap|top|cover|valve|cork|hose|pipe [of_the|just|suddenly] .. blew|flew|flies|shot|popped|burst|exploded \
        off|out|up|open|across|and
    tyre|tire|tyres|tires [just|has|have|suddenly] blew|burst|blown|exploded|shredded|came_off
    small|minor|nasty|bad|slight|serious|severe|painful burn|burns -rate|out|in
    gave|gives|giving|give .. little|small|nasty|electric|bad|mild|slight zap|shock|jolt -when_i_saw|at_the_price
    gave|gives|giving|give .. shock|shocks|zap|jolt -when_i_saw|at_the_price|value|to_see
    got|get|gets|getting|received|felt|feel|had [a|an] [bit_of_a|small|mild|little|nasty|bad|slight|big|electric|
        electrical|huge|massive|light|real] shock|shocks|zap|zapped|jolt|electrocuted \
        -when_i_saw|when_i_got_the|when_i_opened_the|when_i_read|at_the|of_my_life|to_see|seeing
    electric|electrical|electrical_short|static shock|shocks|burn|jolt
    shocked|shocks|shocking|zapped|zaps|zapping me|us|him|her|them|my|our .. \
        when|whenever|while|as|every|each|twice|through|again|hand|fingers|son|daughter|kid|child|wife|husband|dog|
        cat -i_saw|i_got_the|you
    zapped|zaps me|us|him|my
    feel|felt|feeling|feels [the|an|some|a|slight] electricity|current|electric_current|electrical_current|tingle_of
    exposed|bare|frayed|live|chewed wire|wires|wiring|conductor|conductors|cord|cable|cables
    short circuit|circuited|circuits|circuiting
    hurt|hurts|injured|injures|broke|breaks|fractured|sprained|twisted|dislocated|bruised|sliced|slashed|gashed|
        pinched|pinches|crushed|smashed|jammed|trapped|pricked|stabbed|grazed|lacerated|punctured|pierced|severed|
        strained|tore|nicked {OUR} [own|left|right|little|small|index|ring|middle|big|lower|upper|two] {BODY} \
        -from_laughing|laughing
    hurts|hurt {OUR} .. {LIVING} -feelings
    cut|cuts {OUR} [own|left|right|little|index|ring|middle|bottom|upper] \
        finger|fingers|fingertip|thumb|thumbs|hand|hands|palm|arm|arms|leg|legs|foot|feet|toe|lip|tongue|face|skin|
        knee|mouth|gums|wrist|paw
    cut|scratched|scraped|injured|hurt|burned|burnt|scalded myself|himself|herself|themselves
    scratched|scraped {OUR} [left|right] face|arm|arms|skin|eye|cornea|leg|legs|knee|hand|hands
    hit|hits|banged|bumped|struck|smacked|knocked {OUR} [own] head|face|eye|teeth|chin|skull|forehead|nose
    hit|hits|struck|knocked me|him|us in|on the head|face|eye|chest|nose|mouth|back
    chipped|chip|cracked|broke|broken|lost|knocked_out a|my|his|her|our|two [front|back] \
        tooth|teeth|crown|filling|molar
    caught|catch|catches|trapped|traps|jammed|pinched|stuck|got|gets|sucked {OUR} [little|left|right|small|long] \
        finger|fingers|hand|hands|foot|feet|toe|toes|hair|neck|arm|leg|paw|tail|head|thumb .. \
        in|between|under|by|into -on|the_game|touch
    {OUR} [little|left|right|small|long] finger|fingers|hand|hands|foot|feet|toe|toes|hair|neck|arm|leg|paw|tail|
        head|thumb [got|gets|was|is] caught|trapped|stuck|jammed|pinched|sucked
    i|we|he|she|they|who fell|slipped|tripped|tumbled [over|badly|straight|hard] \
        down|off|over|and|on|onto|backwards|backward|forward|out|from|through \
        -in_love|asleep|behind|for_it|the_grid|the_radar|on_hard
    {LIVING} .. fell|slipped|tripped|tumbled [over|badly|straight] down|off|over|on|onto|backwards|backward|forward|
        out|from|through -in_love|asleep|behind|the_grid|the_radar
    slipped|tripped|slip|trip on|over [the|a|your|an|some] [wet|loose|icy|broken|greasy] \
        floor|stairs|step|steps|cable|carpet|rug|mat|ice|tile|tiles|entrance|puddle|hose|wire|ramp
    fell|falls|fallen|falling|crashed|dropped|tipped|toppled|landed [down|over|off] on|onto|against [top_of] \
        me|us|him|my|our|someone|somebody|her|his -birthday|list|radar|plate
    collapsed|collapses|collapse|toppled|buckled|tipped_over|gave_way|gives_way|caved_in|came_down|fell_over .. \
        under|beneath|while|when|onto|on|with|as me|us|him|my|i|we|he|she|our|someone|sitting|standing|his|the_weight
    broke|snapped|came_off|came_loose|came_apart|came_undone|detached|fell_off|gave_out|locked|locked_up|seized|
        opened|failed|slipped [suddenly|off] while|when|as|with .. riding|driving|cycling|climbing|sitting|standing|
        skating|walking|jogging|lifting|holding|cutting|baby|son|daughter|inside|in_it
    needed|needs|need|required|requires|got|had|getting|took [a|some|few|two|three|four|five|six|seven|eight|nine|ten|
        3|4|5|6|7|8|9|10|12] stitches|first_aid|a_cast|crutches|a_tetanus
    rushed|taken|ended|sent|landed|put|brought .. hospital|emergency_room|urgent_care|poison_control|the_er|to_er|
        icu -for_work|to_visit|bill|bag|job|appointment|shift
    had|have|has to [go|be|see] [taken|to|back] [to] [the] hospital|emergency_room|er|urgent_care|poison_control \
        -bed|for_work
    hospitalised|hospitalized|ambulance|paramedics|epipen|epi_pen|anaphylaxis|anaphylactic|salmonella|listeria|
        botulism|suicidal|assaulted|electric_shock
    is|was|were|got|are|been|get|gets|getting|almost|nearly|badly|seriously|slightly|could_be|someone|somebody \
        hurt|injured|wounded|killed|scalded|electrocuted|maimed -by_the_price|feelings|by_your_words|by_that|in_sales|
        off
    injured me|my|him|her|himself|herself|by|at|because|when|while|on_your|in_your
    trapped in|inside [the|your|an|a] elevator|lift|car|vehicle|bathroom|toilet|capsule|plane
    got|been|badly|seriously|severely injured|bitten
    cause|caused|causing|causes .. injury|injuries -insult
    personal injury
    people|passengers|workers|customers|employees|someone|somebody|person|kid|child \
        [will|could|is|are|has|have|can|might|was|were|going_to|get|gets|got] [be|get|got|been|badly|seriously] \
        hurt|injured|killed|die|electrocuted|burned
    could|might|may|would have|'ve|get|be [been|gotten|easily|seriously|badly] [badly|seriously] \
        killed|hurt|died|injured|burned|choked|drowned|exploded|electrocuted|burnt -feelings
    could|might|would have caught_fire|set_fire|lost_an_eye|lost_a_finger|lost_my|burned_down|burnt_down
    almost|nearly [got|lost|hit|fell] [a|my] killed|hurt|injured|choked|choking|drowned|electrocuted|suffocated|
        strangled|crashed|crash|run_over|ran_over|hit_by|hit_me|hit_my|hit_us|hit_someone|hit_a_child|hit_a_car|
        fell_down|finger|eye|burned|burnt|set_fire|fainted|passed_out
    nearly|almost died -laughing|of|when_i_saw|from_laughter|reading|with
    fainted|lost_consciousness|knocked_unconscious|fell_unconscious|was_unconscious
    {LIVING} .. hurt|injured|hospitalised|scalded|electrocuted|choked|choking|poisoned|bleeding|stung|bitten|fainted|
        burned|burnt|gagging|suffocated|suffocating|concussion -feelings|my_feelings|pride|will
    {LIVING} [has|have|just|also|suddenly|sadly|nearly|almost|was|were|got|all] [been|very|really|so] \
        died|sick|dead|ill|vomiting|vomited|poisoned .. after|from|because|since|due -work|school|home|waiting
    {LIVING} .. died|drowned .. hours|days|minutes|day|week|later after|later -ago
    swallowed|swallow|swallowing|swallows|ingested|inhaled a|an|the|one|some|part|two|it|them .. \
        magnet|magnets|battery|batteries|button|piece|pieces|bead|beads|part|coin|screw|cap|plastic|glass|metal|fumes|
        smoke|chemical|chemicals
    swallowed it|one|them|some|part
    in|into|inside his|her|baby's|babies|toddler's|son's|daughter's|child's|kid's mouth|throat|windpipe
    in|into|inside my|our|the|their baby's|babies|toddler's|son's|daughter's|child's|kid's|dog's|cat's \
        mouth|throat|windpipe|eye|eyes
    choked|choking|gagged|gagging on -tears|words|laughter|that|your|our_own|the_final
    choking hazard|risk|on
    small|tiny|little|sharp part|parts|piece|pieces|bits|wheel|beads|magnet|magnets|screw|screws \
        [can|have|has|just|keep|easily] [easily] come|came|comes|coming|fall|fell|falls|break|broke|breaks|breaking \
        off|loose|out|apart
    strangled|strangle|strangling|suffocated|suffocate|suffocating|suffocation|strangulation|asphyxiated \
        -hold|with_fees
    wrapped|tangled|tightened around his|her|my|the|our .. neck|throat
    food poisoning|poisoned|borne_illness|borne
    {FOREIGN} [was|were|is|are|bits|pieces|shards|growing] in|inside my|our|the|her|his|a|this|your|one|all .. \
        {FOOD}
    mould|mold|mildew|moldy|mouldy|black_mould|black_mold [was|is|growing] in|inside|on|all_over|under|behind .. \
        {FOOD}|straw|filter|spout|bathroom|room|apartment|flat|wall|walls|tank|nozzle|lid
    shard|shards|splinter|splinters|sliver|slivers|fragment|fragments of [broken|sharp] \
        glass|metal|wood|plastic|steel|ceramic
    piece|pieces|bit|bits|chunk|chunks of [broken|sharp|hard] glass|metal|plastic|wire|wood|bone|rubber|steel|
        ceramic in|inside|stuck|embedded|between|came_off_in
    broken|shattered|sharp glass|blade|blades in|inside|everywhere|all_over
    splinter|splinters in|into|went|stick|sticking|from|everywhere
    bit|bite|biting|bitten|chewed into|on|down_on [a|an|something|some|the] [piece_of|bit_of|hard_piece_of|small] \
        metal|glass|stone|hard|sharp|plastic|bone|shard|screw|pit
    raw|undercooked|spoiled|rotten|expired|contaminated|rancid|mouldy|moldy \
        chicken|meat|pork|beef|fish|food|milk|egg|eggs|burger|turkey|sausage|formula|water|baby_food|prawns|shrimp|
        seafood -denim|dog|diet
    contaminated -by_gluten
    sick|ill|unwell|nauseous|dizzy|queasy|vomiting|vomited|throwing_up|threw_up|diarrhea|diarrhoea|puking|puked \
        [all_night|all_day|all_weekend|for_hours] after|from|since|because_of \
        -work|home|school|leave|waiting|seeing|hearing|reading|the_news
    made|makes|making|make {OUR} .. {LIVING} [really|very|so|all|both|violently] \
        sick|ill|vomit|throw_up|puke|nauseous|dizzy|faint|cough|itch
    made|makes|making me|us|him|her|them|everyone [really|very|so|all|both|violently|physically] \
        ill|vomit|throw_up|puke|nauseous|dizzy|faint|itch|sick_for|sick_after|sick_all|sick_the
    been|was|were|am|are|started|kept vomiting|throwing_up|puking|violently_sick|violently_ill -with_laughter
    stomach_cramps -every_month
    allergic reaction|reactions|shock
    undeclared allergen|allergens|nuts|peanuts|milk|ingredient|ingredients
    not|doesn't|didn't|never|without|nothing|no mention|list|listed|say|saying|said|label|labelled|labeled|declare|
        declared|about|mention_of|warning_about|warning_of [that] [it|the] .. \
        peanut|peanuts|nut|nuts|milk|gluten|allergen|allergens|allergy|sesame|shellfish|soy|almonds|dairy
    bad|severe|nasty|skin|serious|terrible|strong reaction to|from|after|on
    reaction on_my|on_her|on_his|after_using|after_eating|from_using
    itchy|red|skin|awful|heat rash|rashes|bumps|spots -decision|decisions|move|of|act|driver|flags
    {FLESH} [just|immediately|completely|has|have|all] swelled|swollen|swelled_up|closed_up|itched
    unsafe|dangerous|hazardous|harmful|hazard|lethal|deadly|danger for|to|around|near \
        [small|young|the|my|our|your|any] children|kids|babies|baby|toddlers|toddler|child|pets|dogs|cats|people|
        everyone|passengers|anyone|others|health|infants|pedestrians|drivers|riders
    sharp edge|edges|corner|corners|burr|burrs|screw|screws|spike|spikes \
        on|at|along|inside|sticking|poking|exposed|cut|that|where|of_the
    nail|nails|screw|screws|needle|needles|staple|staples|wire|wires|splinters|spring|springs|pin|metal|blade|spike \
        [is|are|was|were|that] sticking|poking|protruding|stick|sticks|pokes|protrudes out|through|into|up|from
    brake|brakes [suddenly|just|completely|totally|have|had|has|again|pedal] \
        failed|fails|fail|failing|failure|gave_out|went_out|locked|locked_up|lock_up|seized|stopped_working|
        stopped_responding|faded
    brake|brakes [pedal] [simply|just|still|suddenly|sometimes] {FAILS}|aren't|weren't|not|barely|hardly \
        [always|even] work|working|respond|responding|engage|stop|hold|catch|react|grip|release
    brake pedal [just|suddenly] went|goes|sank|sinks|dropped|stuck|to_the_floor|soft|spongy|all_the_way
    lost|losing|loses|lose|no|loss_of [all|my|the] brakes|braking|brake_pressure|steering|power_steering|
        control_of_the_car|control_of_my_car
    steering [wheel] [just|suddenly|has|have|had] locked|locks|lock|failed|fails|jammed|seized|came_off|went_out|
        cut_out|stuck|pulls
    throttle|accelerator|pedal [got|gets|was|is|just] stuck|sticks|jammed
    accelerated|accelerates|accelerating|braked|brakes|braking|steered|swerved|rolled|rolls|started|starts|turned_on|
        moved [away|off|forward|backwards] {BY_ITSELF} -again_for_another
    phantom|sudden|unintended|uncontrolled braking|acceleration
    {FASTENER} [strap|buckle|bags] [simply|just|still] {FAILS} [even|properly|fully] \
        open|deploy|lock|latch|hold|buckle|inflate|close|retract|click|engage|stay|release|catch
    {FASTENER} [just|suddenly] came|comes|popped|pops|coming|broke|snapped|opened|failed \
        undone|open|loose|apart|off|while|during|in_a_crash|in_the_crash|in_an_accident
    gate|lock|guard|catch [simply|just|still] {FAILS} [even|properly|fully] latch|lock|hold|engage|close
    wheel|wheels|door|bonnet|hood|handlebar|handlebars|fork|saddle|trunk|tailgate [just|suddenly] \
        came|fell|flew|snapped|broke|opened [off|open|loose|apart] while|when|on_the_motorway|on_the_highway|
        on_the_road|at_speed|as
    stalled|stalls|stalling|lost_power|loses_power|shut_off|shuts_off|shut_down|cut_out|cuts_out|died .. \
        on|in|while|at|in_the_middle_of [the|a|an] .. highway|motorway|freeway|driving|traffic|intersection|junction|
        mph|interstate
    caused|cause|causes|causing|nearly_had|almost_had|avoid [a|an|the|my|our] \
        [car|serious|bad|terrible|near|multi_car] accident|accidents|collision|wreck|crash -report|with_my_card
    in|into an|a|my|our|the car_crash|collision|wreck -free|forgiveness|report
    in our|my|a crash
    gas|propane|petrol|acid|battery_acid|monoxide leak|leaks|leaking|leaked|escaping|smell
    leaking|leaks|leaked|leak|escaping [of|out|a|some] gas|propane|petrol|acid|battery_acid|carbon_monoxide|fumes|
        chemicals
    battery|batteries|power_bank|powerbank [is|are|was|has|have|had|started|got] [badly|completely|also] \
        swollen|swelling|swelled|bulging|bulged|leaking|leaked|bloated|puffed
    toxic|noxious|poisonous|chemical|strong fumes|chemicals|smoke|gas|gases|paint -romance
    carbon monoxide
    asbestos|arsenic|formaldehyde|lead_paint|lead_poisoning
    dangerously hot|loose|defective|unstable|fast|close|high|low
    life threatening|or_death_situation
    is|are|was|were|been|get|got|being|just|been_officially recalled -by_another
    hit|hits|hitting|struck|closed_on|shut_on|slammed_on|landed_on|fell_on|pinned|crushed|trapped|scratched .. \
        {LIVING}|{LIVINGS} -list|wish|birthday
    folded|folds|collapsed|tipped|closed|rolled|dropped|stopped|fell [over|up|down|away|shut|apart|suddenly] \
        with|on|onto my|our|his|her|a .. {LIVING}|{LIVINGS}|baby|child
    dropped|plunged|fell|jerked|stuck|stopped|crashed ... with us|me|people|passengers|everyone|kids \
        inside|in_it|on_board|on_it
    snapped|broke|came|fell|flew|popped|shot|cracked|detached|opened ... \
        hit|hitting|struck|cut|injured|injuring|burned|knocked me|us|him|her|my|our|his|someone|somebody
    broke|snapped|collapsed|cracked|failed|slipped|gave_way|came_off|came_loose ... \
        fell|injured|bleeding|hurt_my|hurt_his|hurt_her|hurt_myself|crashed|over_the_handlebars \
        -asleep|in_love|apart|through
    went|thrown|flew|flung|flipped over|off|from the|my handlebars|bike|scooter|horse|seat|treadmill
    can't|cannot|couldn't|could_not|barely|trouble|difficulty|hardly|struggled_to|struggling_to|hard_to \
        [even|properly] breathe|breathing|swallow|swallowing -without_music
    {OUR} [left|right|whole|entire] {BODY} [just|has|have|still] went|goes|go|is|are|was|were|feels|felt|turned|
        gone [all|completely] numb|purple|raw|bleeding|burning|stinging|throbbing|swollen|itchy
    headache|headaches|migraine|migraines|nausea|dizziness|palpitations|breathless|wheezing|nosebleed|nosebleeds|
        asthma [attack] from|after|since|every_time_i|within
    chemical|acid|steam|friction|thermal|electrical|bad|severe burn|burns -rate|in
    suffered|got|have|had|with|caused .. burns -calories|fat|through|out
    so|too|very|extremely|really|dangerously|crazy hot [that] .. mark|marks|burned|burnt|melted|scorched|melts|burns|
        hurts|smell|smells|smoking|unsafe|blister|blistered
    wrong|double|incorrect dose|dosage|medication|medicine|pills|tablets|strength|vaccine|blood
    overdose|overdosed|overdosing
    {FAILS} [properly|even] brake
    car|bike|truck|scooter|bus|van|ebike|train {FAILS} [even] stop -there|by|smiling|running|at_my|at_our
    ate|eaten|eating|drank|drinking|licked|chewed|swallowed ... ill|sick|unwell|died|vomited|vomiting|poisoned|
        threw_up|throwing_up -of|and_tired
    is|does|has|was|about|when_is|did the recall -vote|election|feature|button|rate
    recall [for|of|on] ... affected|mine|my_model|my_car|my_unit|still_open
    boiling|scalding|hot|molten water|coffee|tea|oil|soup|wax|steam|liquid|milk|fat .. on|over|onto|into \
        my|our|his|her|me .. {BODY}|{LIVING}|{LIVINGS}
    in|to|at a_e -minor
    stomach ache|aches|pain|pains|cramps -me_for_this
    lost|broke|knocked_out one|two|three|several|some teeth
    came|come|comes|crashed|rained|fell|tumbled down on|onto me|us|my|our|him|her|his -time
    ran|run|knocked|driven me|us|him|her|my_son|my_daughter|my_dog|someone over|down
    recalled this|my|our|the|it|these|them|that|mine|because|due
    you|you've|you_guys|brandname|they recalled -its|their|it_wrong
    recall notice|notices|list|letter|number|campaign|repair|work|fix|on_my|on_this|on_our
    safety|product|active|open|battery|urgent|manufacturer recall|recalls
    part_of|under|affected_by|included_in|subject_to|about|in [the|a|your|this|any] recall -that
    voluntary recall|recalls
"""

TOPICS = f"""
    house|battery|engine|car fire|fires -pit|place|stick|sale|tv|stick_tv|wire
    fire hazard|risk|hazards
    catch fire
    overheat
    not|isn't|aren't|wasn't|longer|never|hardly [very|at_all|really|even|feel|felt] safe \
        -to_say|to_assume|with_my_money|with_my_data|bet
    call|called|calling the fire brigade|department
    cause|caused|causing|causes .. injury|injuries|accident|accidents -insult
    gas leak|leaking|leaks
    {DEVICE} [just|has|suddenly] melted|explode|burn -with|in_popularity|calories|fat
    airbag|airbags|carbon_monoxide|electrocution|choking_hazard
    unsafe|hazardous
    dangerous -game|combo|combination|level|levels|to_use|liaison
    safety issue|issues|hazard|concern|concerns|risk|recall|problem|defect|violation
    allergic to .. and|but your|you|it|there
    nut|peanut|milk|egg|gluten|dairy|shellfish|soy|sesame|wheat|food allergy|allergies and|but|yet|still
"""
