"""How customers speak of what went wrong and well, beyond VADER's lexicon: written by hand, read while fitting only.

"Delayed", "on hold" and "still waiting" carry no feeling in a dictionary, and all of it in a mention. Fitting learns
how much such words count as one; that goes into the table of weights, so that it costs nothing when texts are read.
"""

from __future__ import annotations

from analysis.text.ngrams import gather

# What went wrong: words, and pairs of neighbours joined by "_"; "0" is any digit.
WRONG = """
    delayed delays delay delaying cancelled canceled cancels rebook rebooked rebooking stranded stuck overbooked
    bumped lost losing missing misplaced stolen vanished disappeared damaged broken broke breaks cracked cracks
    shattered scratched dented bent torn ripped frayed leaked leaks leaking faulty defective defect defects
    malfunction malfunctioning unusable useless worthless pointless unreliable inconsistent unstable unresponsive
    sluggish laggy lag lags lagging freezes freezing froze frozen crash crashes crashed crashing buggy bug bugs
    glitch glitches glitchy glitching hangs stutters stuttering reboots rebooting bricked overheats overheating
    drains draining dies died dead slow slower slowest slowly outage outages offline down disconnects disconnected
    disconnecting dropped drops buffering error errors fail fails failed failing failure timeout unavailable
    inaccessible locked lockout suspended blocked blocking banned rejected declined denied refused refuses refusing
    refusal withheld withhold waiting waited waits wait hold queue queues hours ages forever weeks overdue late
    later latest unanswered ignored ignoring ignores ignore silence unhelpful clueless incompetent incompetence
    unprofessional rude rudely rudest arrogant condescending dismissive careless indifferent lazy hostile yelled
    shouted hung lied lies lying liars liar dishonest misleading misled mislead deceptive deceived deceitful shady
    dodgy sketchy fishy scam scams scammed scammers scammer fraud fraudulent fraudsters cheat cheated cheating
    cheats ripoff robbed robbery thieves thief stealing extortion extortionate overcharged overcharging overcharge
    overpriced pricey unjustified rip_off gouging gouge charged billed deducted debited surcharge fees hidden
    nonrefundable refund refunds refunded chargeback reimburse reimbursement compensation compensate owed owe
    dispute disputed complaint complaints complain complained complaining escalate escalated escalating escalation
    ombudsman lawyer sue suing lawsuit court regulator trading_standards unacceptable unsatisfactory inexcusable
    inadequate insufficient substandard subpar mediocre lousy shoddy crappy crap junk trash garbage rubbish shite
    shit shitty bullshit bs flimsy cheaply tacky ugly outdated obsolete clunky cumbersome confusing convoluted
    complicated misery miserable nightmare fiasco shambles debacle disaster disastrous chaos chaotic mess messed
    joke laughable clowns embarrassing embarrassment disgrace disgraceful shame shameful shambolic farce pathetic
    ridiculous ludicrous absurd outrageous insane appalling appalled atrocious abysmal dire dreadful horrendous
    horrid horrific woeful dismal worst worse awful terrible horrible disgusting disgusted vile gross filthy dirty
    stained smelly smelled stinks moldy mouldy stale soggy undercooked overcooked raw cold bland tasteless inedible
    greasy noisy cramped uncomfortable unsafe dangerous disappointed disappointing disappointment disappoints
    letdown underwhelmed underwhelming unimpressed frustrated frustrating frustration infuriating infuriated fuming
    furious livid angry annoyed annoying annoys irritating irritated dissatisfied unhappy upset gutted regret
    regretting regretted wasted waste wasting hate hated hates loathe avoid avoided beware stay_away steer_clear
    cancelling canceling unsubscribe unsubscribed uninstall uninstalled uninstalling deleting switching leaving
    ditch ditched ditching unfollow boycott returned returning not_working doesn't_work doesnt_work don't_work
    dont_work didn't_work won't_work wont_work stopped_working no_response no_reply no_answer no_help no_one
    nobody_answers no_idea no_signal no_service no_internet no_apology no_explanation no_communication no_update
    no_refund no_luck no_longer no_way no_sense no_support no_clue still_waiting still_no still_not still_nothing
    still_haven't still_havent still_hasn't still_broken still_down on_hold hung_up been_waiting keep_getting
    keeps_crashing keeps_saying keeps_asking keep_saying keeps_telling can't_even cant_even can't_get cant_get
    can't_log cant_log can't_login cant_login can't_access cant_access can't_use cant_use can't_open cannot_access
    cannot_log unable_to won't_let wont_let doesn't_let not_happy not_good not_great not_impressed not_acceptable
    not_recommend not_worth not_helpful not_received not_responding not_loading not_opening never_again
    never_received never_arrived never_got never_called never_works never_using never_had never_responded never_use
    never_buy never_fly never_recommend last_time fed_up sick_of tired_of had_enough lost_my ruined_my ruined
    wasted_my let_down ripped_off fix_this fix_your fix_it sort_it sort_this sort_yourselves do_better get_it
    your_act bad_service poor_service customer_disservice poor_customer poor_quality poor_communication
    worst_customer terrible_service terrible_customer awful_service horrible_service horrible_customer
    bad_experience bad_customer third_time second_time 0_hours 0_hour 0_days 0_weeks 0_months 0_times 0_minutes
    over_an an_hour what_a how_hard why_is why_are why_do why_does why_did why_can't why_cant why_have seriously
    really_bad so_bad too_bad so_slow too_slow too_expensive too_many too_long too_much so_many wtf ffs smh ugh grr
    argh omfg sigh yikes meh wth fml nope supposed_to should_have promised was_told told_me were_told you_people
    you_guys yet_again once_again again_and instead excuses excuse blame blamed apology apologise apologize
    unfortunately sadly allegedly money_back want_my where_is where's_my wheres_my wrong_item wrong_order wrong_size
    wrong wrongly incorrect incorrectly mistake mistakes mishandled mistreated discriminated harassed harassing spam
    spammed spamming pushy downgrade downgraded declining declined_my went_downhill downhill decline gone_down
    going_down pay_for paying_for paid_for without_warning without_notice without_any poorly badly barely hardly
    painful pain hassle headache inconvenience inconvenient inconvenienced problematic problem problems issue issues
    trouble broke_down broken_down shut_down breached breach hacked leaked_my privacy unsolicited cheap cheapest
"""

# What went well.
WELL = """
    thanks thank thankyou thx ty cheers appreciate appreciated appreciative grateful gratitude kudos props shoutout
    love loved loves loving adore adored lovely great awesome amazing amazed excellent fantastic fabulous wonderful
    brilliant superb stellar outstanding exceptional exceptionally incredible incredibly phenomenal terrific perfect
    perfectly perfection flawless flawlessly seamless seamlessly effortless effortlessly smooth smoothly smoothest
    easy easily easier easiest simple straightforward intuitive convenient handy quick quickly quickest fast faster
    fastest speedy prompt promptly swift swiftly instant instantly efficient efficiently timely punctual early
    on_time ahead helpful friendly courteous polite professional professionalism knowledgeable attentive
    accommodating caring compassionate patient patience welcoming thoughtful kind kindness considerate respectful
    responsive reassuring reassured reliable dependable sturdy durable solid robust trustworthy trusted trust honest
    transparent genuine fair affordable reasonable reasonably bargain worth worthwhile value delicious tasty yummy
    fresh clean spotless cozy comfy comfortable beautiful beautifully gorgeous stunning sleek elegant crisp vivid
    impressed impressive impresses satisfied satisfying satisfaction delighted delightful pleased pleasant
    pleasantly pleasure happy happier happiest glad thrilled excited exciting enjoy enjoyed enjoying enjoyable
    enjoys fun favorite favourite favs fav recommend recommended recommending recommends highly definitely best
    better bestest finest top_notch first_class world_class must_have game_changer life_saver lifesaver gem treat
    winner nailed rocks rock rocked kick_ass badass well_done good_job great_job nice_job nice_work great_work
    good_work keep_up the_best so_good so_happy so_easy so_much very_good very_happy very_helpful very_easy
    very_pleased very_impressed really_good really_nice really_helpful really_enjoy pretty_good pretty_cool
    super_easy super_fast super_helpful works_great works_well works_perfectly works_fine working_great working_well
    no_problem no_problems no_issues no_complaints no_hassle no_fuss hassle_free problem_free can't_wait cant_wait
    can't_fault cannot_fault can't_complain cant_complain couldn't_be look_forward looking_forward made_my thank_you
    thanks_for thank_u big_thanks many_thanks much_appreciated hats_off shout_out five_star five_stars exceeded
    exceeds beyond expectations above_and went_above pleasantly_surprised resolved solved sorted fixed helped
    helping saved saves upgraded rescued honored refunded_me sorted_out worked_out improved improvement improving
    improves upgrade long_time loyal customer_for yay woohoo woot hooray yesss wow congrats congratulations bravo
    proud win wins winning celebrate happy_birthday merry blessed lucky lol haha cool neat sweet dope lit slick
    superbly good nice fine decent pretty
"""


KINDS = (WRONG, WELL)


def places(words: str) -> list[int]:
    """The places of such words and pairs in the table of weights."""
    return sorted({_place(entry.replace("_", " ")) for entry in words.split()})


def _place(entry: str) -> int:
    """Where a word or a pair of neighbours stands; the gap before the text counts as a word of its own."""
    words = gather([entry]).words
    return int(words[4 if " " in entry else 3])
