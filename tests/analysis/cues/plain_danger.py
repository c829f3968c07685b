"""Reports of danger as customers write them, in plain and mild words: a coin put each in one half or the other.

Phrases were written for the one half. Nobody looks at the half kept aside while writing phrases.
"""

from __future__ import annotations

PLAIN = {
    "safety": """
        After using the cream I came out in a rash all over my face.
        Your van driver ran over my cat and did not stop.
        The spare batteries had swollen before I even opened the box.
        My eyes sting whenever I have worn these lenses.
        The tablets aren't the ones on my prescription.
        A sliver of metal was in my soup.
        Everybody at our table was sick the night after eating your chicken.
        Flames came out of the back of the oven.
        I found a piece of glass in the jar of baby food.
        I get a tingle through my hand each time I touch the kettle.
        I slipped on your wet floor near the tills and twisted my ankle.
        I was told that the cake had no peanuts, and it did.
        My daughter's finger got caught in the pushchair hinge.
        My eyes have been streaming and swollen since I tried the mascara.
        My little boy nearly choked on a wheel that fell off the toy car.
        My son was electrocuted a little when he touched the plug, he is fine now.
        My wife spent the night in the ER because of the oysters.
        The batteries leaked acid all over the remote and my fingers stung.
        The battery exploded in my hand.
        The blade slipped out of the handle and sliced my thumb.
        The blind cord was wrapped around my son's neck when I came in.
        The bottle blew up in the fridge and there was glass everywhere.
        The brakes on the bike did not respond and I went into a hedge.
        The cable is split and you can see the bare wire.
        The car seat's buckle opens when my baby pulls on it.
        The doctor says that it was your lotion that did this to my skin.
        The edge of the tin is so sharp that I needed four stitches.
        The front wheel came off while I was riding downhill.
        The glass teapot burst when I poured hot water into it.
        The helmet cracked in two in a very gentle fall.
        The label doesn't mention nuts but my son reacted to it within minutes.
        The ladder folded up while I was on the third step.
        The magnets fall out of the blocks and my daughter swallowed one.
        The phone's battery has swollen and pushed the screen out.
        The pills in the box are twice the strength that my doctor prescribed.
        The power bank gets so hot in my bag that I can't touch it.
        The seat belt came undone by itself at seventy miles an hour.
        The shower door shattered while my wife was standing in it.
        The spray got in my eyes and I couldn't see properly for an hour.
        The steering locked up on the motorway.
        The wardrobe tipped over and nearly landed on our toddler.
        There was a bit of metal in my cereal and I chipped a tooth.
        There were maggots in the rice when I opened it.
        We woke up because smoke was coming from the dishwasher.
    """,
    "legal": """
        I am thinking of taking this to court.
        I have asked a solicitor to look at the contract.
        I have sent the whole thing to the ombudsman.
        I'm blind and there is no way to pay with a screen reader.
        If I don't have my money by Friday I will go to small claims court.
        My bank has started a chargeback and my legal cover is informed.
        One of your fitters made remarks about my body while he was in my home.
        The man at the counter said that he doesn't serve people from my country.
        There is no ramp at your new shop, so I can't get in with my wheelchair.
        We will have to let a judge decide.
        You are using my photo in your advert and I never agreed to that.
    """,
    "security": """
        I got a text that claims to be from you and asks for my card number.
        I keep getting password reset emails that I didn't ask for.
        I read that your customer list is for sale online, is my data in it?
        My number was moved to another SIM and now I can't get into my bank.
        Orders are being placed from my account to an address I don't know.
        Somebody has changed the email address on my account and it wasn't me.
        Someone in Brazil has logged in to my account.
        The man in the shop wanted my password to set up the phone.
        There are two payments on my card that I never made.
        Your agent on the phone asked me for my PIN.
    """,
}

PLAIN_KEPT_ASIDE = {
    "safety": """
        A small button came off the teddy and my baby put it in her mouth.
        I ended up in A&E after using the hair dye.
        I got a shock from the metal case of the lamp.
        I got a splinter of metal in my finger from the shelf.
        I had food poisoning after the prawn sandwich.
        I put the heating pad on my back for ten minutes and it left red marks that still hurt.
        My dog was sick all night after chewing on your toy.
        My husband has a burn on his thigh from the laptop.
        My lips swelled up after two bites, and I had to use my EpiPen.
        My mother had to go to hospital because of the stair lift.
        Our cat died two days after we started with the new food.
        Our dryer caught fire last Tuesday, the fire brigade had to come.
        The app told me to take my insulin twice.
        The bread had green mould on it two days before the date.
        The buggy folded with my son's hand in it.
        The bunk bed came down in the night with my child in it.
        The carbon monoxide alarm went off an hour after your engineer left.
        The chair gave way under my father and he hurt his back.
        The charger started to smell of burning plastic, so I pulled it out of the wall.
        The curling iron burned my daughter's neck, the tip gets far too hot.
        The extension lead scorched the carpet in our living room.
        The fumes from the cleaner made me dizzy and I had to open all the windows.
        The handle got so warm that I have a blister on my palm now.
        The lid came off while I was pouring and boiling water went over my wrist.
        The pharmacy gave me somebody else's tablets.
        The plug has gone brown and the plastic around it has melted.
        The pressure cooker lid shot off and hit the ceiling.
        The scooter stopped dead and I went over the handlebars, broke my collarbone.
        The smoke alarm didn't go off when our kitchen filled with smoke.
        There is a smell of gas when the hob is turned off.
        There was a needle left in the shirt and it pricked me.
        There were sparks coming out of the socket when I plugged in the toaster.
        We had to call an ambulance after she took your supplement.
    """,
    "legal": """
        I asked you in March to delete my data and you still have it.
        I have filed a report with the police about the missing parcel.
        I have spoken to Trading Standards and they gave me a case number.
        I was turned away because of my headscarf.
        I'll be making a complaint to the data protection authority.
        I'm going to report this to the regulator.
        My insurer wants to recover the cost of the water damage from you.
        My lawyer will be writing to you next week.
        Please send me all the data you hold on me, as the GDPR says.
        The consumer advice centre says that you have to take it back.
        The police have given me a crime reference number for this.
        Under the Consumer Rights Act I have thirty days to return it.
        Your delivery man keeps texting me on my private number since he dropped off the parcel.
        Your driver refused to take me because of my guide dog.
    """,
    "security": """
        I can see someone else's card details on the payment page.
        You sent me the new password in plain text.
        My identity was misused after I had sent you a copy of my passport.
        I can still log in to my old company's account although I left in May.
        I got a login code by text though I was not trying to log in.
        I was sent an invoice with a stranger's name and address on it.
        My email address is only used with you, and now I get spam on it.
        My gift card was empty before I had even scratched it.
        My loyalty points were spent in a town I have never been to.
        My parcel had another person's label on it with her phone number.
        Someone opened an account with my name and I get the bills.
        There's a website that looks just like yours and it took my money.
        When I log in I see another customer's orders.
        Your chat showed me the conversation of another customer.
        Your site shows my full card number in the link.
    """,
}

LOOKALIKES = """
    I ran into my neighbour at your shop and she loves it, too.
    The trainer ran over the details with me twice.
    My mouth burns from the chilli, exactly as I like it.
    This game is on fire, I played it all weekend.
    Best killer app I have had in years.
    The price is shocking, but the coat is lovely.
    I like pineapple on pizza, so sue me.
    It's a bit hacked together, but it works.
    My wallet is still hurting after that purchase.
    The boss fight in level nine burned me out.
    I nearly died laughing at the instructions.
    The storm knocked out the power, nothing to do with you.
    Bring the sauce to the boil and add the nuts.
    The new album is an absolute explosion of colour.
    In the film the car blows up and the hero walks away.
    I read in the news that a factory burned down in Ohio.
    My kids are addicted to these biscuits.
    The support team killed it today.
    My heart sank when it didn't arrive, but it came on Tuesday.
    The interface hurts my eyes, please add a dark mode.
    The battery died after two days.
    The app crashes when I open the camera.
    The phone gets slightly warm when charging, as they all do.
    I was blown away by the sound.
    The sleeves are a little sharp in cut, which I like.
    The jury is still out on the new layout.
    The tennis court was booked, so we went home.
    The bank holiday delayed my order.
    I work at a hospital and these shoes are great for long shifts.
    My doctor friend loves the bag.
    The knife is sharp and cuts tomatoes easily.
    It fell apart at the seams after one wash.
    The candle burns evenly and smells of fir.
    The fire stick remote stopped working.
    My sister is a lawyer and uses the planner each day.
    I forgot my password and the reset mail came at once.
    The wheels on the suitcase are quiet.
    I accidentally ordered two, please cancel one.
    The hot sauce set my mouth on fire, delicious.
    The checkout is a pain in the neck.
    Great glass, no break in the post.
    The police drama on your channel is brilliant.
    The shock absorbers on the bike are soft and comfortable.
"""
