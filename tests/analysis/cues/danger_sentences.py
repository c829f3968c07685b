"""Reports of danger in plain, mild words, and what only sounds like one: half of each to tune on, half kept aside.

Nobody looks at the half kept aside while writing phrases: what it finds is how much is found of what nobody foresaw.
"""

from __future__ import annotations

TUNED = {
    "safety": """
        The lid came off and hot coffee went over my wrist, a small burn now.
        I have a blister on my thumb from the handle of the pan.
        Just so you know, the iron left a burn on my arm.
        The battery exploded in my hand
        The charger went up in smoke last night while we slept.
        The glass door of the oven shattered on its own this morning.
        There were flames behind the panel, we put them out.
        The lid of the pressure cooker blew off and hit the ceiling.
        I got a shock from the metal case when I plugged it in.
        The lamp gave my son a little zap.
        The chair collapsed under me and I hurt my back.
        The ladder slipped out of its lock and I broke my wrist.
        I needed three stitches after the blade slipped out.
        My toddler pulled the button eye off and put it in her mouth.
        The small wheel came off and our baby nearly choked on it.
        Two of us were sick all night after the chicken wrap.
        There was a piece of plastic in my soup.
        The milk made my kids throw up.
        The cream gave me a rash all over my face.
        The label does not mention peanuts, and my wife had an allergic reaction.
        My lips swelled up after one bite.
        My daughter caught her finger in the hinge.
        Our dog was ill after eating the treats.
        There is a sharp edge on the tray and I cut my finger.
        Found a shard of glass in the jar.
        The brakes did not respond at the traffic light, I rolled into the crossing.
        The steering locked up on the motorway today.
        The front wheel came off while I was riding.
        I can smell gas near the hob since the engineer left.
        The carbon monoxide alarm went off because of the heater.
        Is my stroller part of the recall? The strap came undone with the baby in it.
        You recalled this model, mine still gets too hot to touch.
        The hoverboard battery swelled up and popped.
        The sunscreen burned my kid's skin
        Found a razor blade in my apple
        The heater tripped and now there are burn marks on the wall
        My son swallowed a button battery from the remote
        The elevator dropped two floors with us inside
        Gas smell after your technician visit
        The seat belt would not lock
        My hand went numb after touching the frame
        My cat ate the plant you sent and got very ill
        Mouse droppings in the flour
        The trampoline spring snapped and hit my daughter in the face
        The stroller folded up with my baby in it
        My e-bike fork cracked at full speed and I went over the handlebars
        The vape burst in my pocket
        The pills I received were the wrong dose
        My laptop charger gets so hot it left a mark on the carpet
        The dishwasher was smoking when I came home
        The nursery heater tipped over and scorched the floor
        A screw came out of the crib and my baby had it in her mouth
        I bought this perfume and now I can't breathe properly
        I got chemical burns from the cleaning spray
        My tyre exploded on the highway
        The car would not brake this morning
        The power window closed on my son's arm
        My drink had a piece of glass in it
        Got food poisoning from the tuna
        The scooter's brakes failed on a hill
        The bunk bed broke and my daughter fell
        Is the recall for model X200 still open? Mine is affected
    """,
    "legal": """
        My solicitor will write to you this week.
        I have opened a case with the small claims court.
        I have filed a complaint with the ombudsman.
        I will pass this on to the consumer protection agency.
        I made a police report about the driver today.
        The agent would not serve me because of my headscarf.
        You charge women more for the same shirt, that is discrimination.
        We are thinking about taking this to court.
        I will be contacting the FCA
        Going to talk to my lawyer about the deposit
        Your driver called me a racial slur
        They asked me to leave because I am deaf
        My lawyer says this breaks the contract
        We will file a lawsuit next week
        I've asked the Better Business Bureau to look into it
        The police have been informed
        I was told we don't serve people like you
        They refused me entry with my guide dog
    """,
    "security": """
        Somebody logged in to my account from another country.
        My account has been taken over, the email was changed.
        There is a charge of 40 dollars that I did not make.
        When I open my orders I see another customer's address.
        I was shown somebody else's invoice.
        I got an email that looks like yours and asks for my password.
        My email address was in your data leak.
        I can see other people's messages in the app.
        My card was used twice by someone else after I paid on your site.
        I was billed for something I never bought
        I saw a different person's name on my account
        Someone is using my card number
        My details were sent to another customer
        My account shows orders I did not place
        Money was taken out of my account twice without permission
        The website showed me the card details of another person
        A stranger got into my account through your chat support
        Customer data is visible if you change the number in the link
        You shared my phone number with a third party
    """,
}

KEPT_ASIDE = {
    "safety": """
        The steam vent scalded my fingers when I opened it.
        My hair straightener singed my ear, the guard is missing.
        Picked up the mug from the machine and now my palm is burnt.
        The power bank caught fire on the kitchen table.
        Smoke came out of the dryer again this evening.
        The bulb burst right above the cot.
        The extension lead melted behind the sofa.
        Sparks fly whenever I switch the mixer on.
        Touched the kettle and felt electricity run through my arm.
        The fridge door shocks us whenever we open it.
        The treadmill stopped suddenly and I fell and hit my head.
        The shelf fell off the wall onto my foot, it is broken.
        My mother slipped on the wet floor in your shop and had to go to hospital.
        The driver braked hard and two passengers were hurt.
        A magnet fell out of the toy and my two year old swallowed it.
        The pacifier came apart in my baby's mouth.
        Three of our guests had food poisoning after your buffet.
        I found mould inside the bottle after my son drank from it.
        The fish tasted odd and I have been vomiting since.
        After two days with the strap I have hives on my wrist.
        My girl has a nut allergy and your cake had almonds in it without saying so.
        My throat closed up after the shake and I had to use my EpiPen.
        The gate did not latch and our toddler fell down the stairs.
        The collar got so hot that it burned our cat's neck.
        My puppy died two days after the flea drops.
        Small metal splinters stick out of the handle, one went into my palm.
        I bit on a piece of metal in your cereal and chipped a tooth.
        The brake pedal went to the floor on my way home.
        The car accelerated by itself in the car park.
        The airbag did not open in our crash.
        A tyre blew out at 70, third time with this model.
        The boiler is leaking gas, the fire brigade was here.
        My car seat is on the recall list, how do I return it?
    """,
    "legal": """
        Please expect a letter from our attorneys.
        I am going to sue for the damage to my floor.
        I have reported the shop to trading standards.
        I have been in touch with the consumer rights office about this.
        I filed a police report, the case number is 2231.
        My wheelchair was the reason they gave for not letting me board.
        Your staff made remarks about my skin colour.
        We will see each other in court, I suppose.
        I will be lodging a complaint with the financial regulator.
    """,
    "security": """
        My account got hacked last week and all my points are gone.
        Three payments show up on my statement that I never approved.
        I logged in and saw the name and phone number of a stranger.
        Your app opened with someone else's profile today.
        A text message that pretends to be from you asked me for my PIN.
        My passwords turned up on the internet, and I only used this one with you.
        Someone changed my password and ordered two phones.
        I received a statement that belongs to another client.
    """,
}

HARMLESS = """
    This show is fire
    That ending blew my mind
    The brownies are to die for
    Another maker recalled its heaters, glad I bought yours
    You're on fire this week, three updates in a row
    My phone is blowing up with messages
    I nearly died laughing at your advert
    What a shock, it came a day early!
    It burned through the battery in two hours
    The new track is an absolute bomb
    My brain exploded reading the terms
    I got burned by crypto last year, not by you
    I'm a lawyer and I use it every day
    Sue from support was lovely
    Ten kitchen hacks with your blender
    Our team choked in the final, at least the stream worked
    That joke killed me
    Is the paint safe for babies?
    The court next to your gym is great for tennis
    The smoke flavour is lovely
    According to the news, a ferry caught fire off the coast
    Police in my town ride your bikes now
    There was no smoke and no smell, it works well
    These wings are killer
    Can it burn calories better than running?
"""

HARMLESS_KEPT_ASIDE = """
    Your new single is straight fire
    The plot twist melted my brain
    That burger is sick, I would kill for another
    A rival has recalled its cribs, according to the paper
    My inbox exploded after the launch
    Shots fired at your competitor lol
    I'm dying to try the new flavour
    A hot stock, and I got burned
    The fire pit is the best thing I bought this year
    I study law and your notes app helps
    Judge Judy is on in the lobby
    The kids were electric with joy
    Burnt orange is my favourite colour of the range
    The spicy sauce burns so good
    Hacked together a dashboard with your API in an evening
    Our striker is injured, so I watch from home with your app
    Gas prices went up again
    A great crash course on Excel
    The leak about the new model looks great
    Leaked photos of the new phone look neat
    Poison is my favourite perfume
    The brake lights look cool at night
    I watched a documentary about the gas leak in Bhopal
    No accidents in ten years of riding it
    The suit fits, it is a steal
"""


def listed(told: str) -> list[str]:
    """The sentences, one a line."""
    return [line.strip() for line in told.strip().splitlines()]


def pairs(told: dict[str, str]) -> list[tuple[str, str]]:
    """Each sentence with the cue it should have."""
    return [(cue, line) for cue, lines in told.items() for line in listed(lines)]
