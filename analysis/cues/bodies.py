"""Words for bodies, and for the things that hurt them, of which analysis.cues.safety makes its phrases.

Alternatives in the notation of analysis.cues.phrases.
"""

from __future__ import annotations

# Parts of a body; without those that furniture and devices have, too (arm, leg, back, head), where a line needs that.
FLESH = (
    "hand|hands|finger|fingers|fingertip|fingertips|thumb|thumbs|palm|palms|wrist|wrists|elbow|knee|knees|skin|mouth|"
    "lip|lips|tongue|gums|throat|toe|toes|ankle|ankles|ear|ears|eye|eyes|eyebrows|hair|chin|cheek|cheeks|nose|scalp|"
    "forehead|stomach|tummy|belly|rib|ribs|shoulder|shoulders|hip|thigh|thighs|paw|paws|chest|tooth|teeth|lungs|"
    "collarbone|jaw|heel|shin|shins|calf|forearm|forearms|knuckle|knuckles|skull|pelvis|tailbone|eyelid|eyelids|"
    "kneecap|cornea|eardrum|armpit|armpits|nostril|groin"
)
BODY = f"{FLESH}|foot|feet|arm|arms|leg|legs|face|neck|back|head|spine"
LIVING = (
    "son|sons|daughter|daughters|kid|kids|child|children|baby|babies|toddler|toddlers|infant|newborn|boy|girl|twins|"
    "husband|wife|partner|boyfriend|girlfriend|mother|mom|mum|mam|father|dad|grandma|grandmother|grandpa|grandfather|"
    "grandson|granddaughter|nan|niece|nephew|sister|brother|cousin|aunt|uncle|friend|roommate|flatmate|colleague|"
    "coworker|neighbour|neighbor|guest|guests|passenger|passengers|dog|dogs|puppy|cat|cats|kitten|rabbit|hamster|"
    "parrot|horse|pony|pet|pets"
)
LIVINGS = "|".join(f"{living}'s" for living in LIVING.split("|"))
OUR = "my|our|his|her|their|your"
DEVICE = (
    "battery|batteries|charger|phone|laptop|tablet|plug|cable|adapter|adaptor|socket|wire|wires|engine|car|scooter|"
    "bike|oven|toaster|kettle|dryer|unit|motherboard|headset|router|tv|outlet|heater|blanket|dishwasher|fridge|"
    "freezer|microwave|stove|cooker|hob|grill|fryer|iron|straightener|straighteners|hairdryer|lamp|bulb|bulbs|light|"
    "fan|monitor|computer|pc|console|controller|speaker|earbud|earbuds|headphones|watch|band|pack|bank|powerbank|"
    "dock|lead|strip|switch|machine|washer|vacuum|mower|drill|mixer|blender|boiler|radiator|furnace|inverter|panel|"
    "fuse|breaker|vape|drone|hoverboard|motor|bus|truck|van|motorbike|candle|pan|pot|lighter|device"
)
PLACE = (
    "kitchen|house|home|flat|apartment|room|bedroom|bathroom|garage|basement|attic|loft|office|oven|microwave|engine|"
    "battery|table|counter|desk|bed|sofa|couch|floor|carpet|curtain|curtains|cot|crib|shower|car|fridge|freezer|sink"
)
VESSEL = "lid|glass|door|bowl|dish|jug|jar|bottle|carafe|bulb|lamp|lightbulb|tabletop|shelf|mirror|windscreen|canister"
FOREIGN = (
    "glass|metal|plastic|wire|stone|stones|needle|nail|screw|rubber|wood|bone|bones|worm|worms|bug|bugs|insect|insects|"
    "cockroach|roach|maggot|maggots|larvae|mouse|fly|flies|spider|blade|blades|mould|mold|splinter|splinters|"
    "rodent|slug|snail|caterpillar|razor|shard|shards|sliver|slivers|droppings|rat|cigarette|tooth|pin|staple|staples|syringe|bandage"
)
FOOD = (
    "food|drink|meal|salad|soup|bread|cereal|yogurt|yoghurt|milk|can|jar|cup|coffee|tea|burger|sandwich|wrap|pizza|"
    "cake|chocolate|rice|pasta|sauce|juice|water|formula|curry|chicken|fish|meat|sausage|fries|snack|lunch|dinner|"
    "breakfast|cookie|cookies|biscuit|biscuits|cheese|dessert|sushi|noodles|porridge|bottle|bottles|pouch|tin|"
    "apple|flour|sugar|oats|nuts|candy|sweets|chips|crisps|popcorn|beans|spinach|lettuce|vegetables|beer|wine|soda|"
    "smoothie|shake|muffin|bagel|taco|burrito|steak|pie"
)
ALARM = "smoke|fire|gas|co|monoxide alarm|alarms|detector|detectors"
FASTENER = (
    "seatbelt|seatbelts|belt|belts|harness|buckle|airbag|airbags|strap|straps|latch|child_lock|safety_lock|"
    "brake|brakes|steering|railing|handrail"
)
FAILS = "didn't|did_not|doesn't|does_not|don't|do_not|won't|will_not|wouldn't|would_not|failed_to|fails_to|never"
BY_ITSELF = "by_itself|on_its_own|itself|without_warning|unexpectedly|for_no_reason|unintentionally"
