# Every sentence that a user sees, in English.

start =
    Hello! Send me a photo of handwritten digits, and I'll tell you what they are and how sure I am.
    No pen at hand? /draw gives you a canvas; /help shows what makes a good photo.

help =
    <b>Left: a good photo. Right: a bad one.</b>
    Write large, with a dark pen, and take the photo from above, in even light. Picture files work too (JPEG, PNG, WebP, HEIC, TIFF, the first page of a PDF), and so do albums and stickers.

    I answer with the digits and how sure I am; a question mark means doubt. Tap <i>Wrong</i> if I am wrong: I learn from it. <i>Why?</i> shows what I looked at.

    /draw: draw instead of writing
    /model: choose the network that reads for you
    /language: choose my language
    /privacy: what I keep
    /forget: delete all that I keep about you

help-admin =
    <b>For admins</b>
    /retrain clean, noisy or both: train the networks
    /versions: trained networks, and which one serves
    /rollback clean or noisy: back to the version before
    /samples: corrections that users gave
    /stats: how many photos, how often wrong

privacy =
    I never keep your photo: it is forgotten as soon as it is read.
    I keep what I read, how sure I was, and each digit as a tiny picture of 28 × 28 points, together with your Telegram number and your choices of network and language.
    Corrections that you give are used to train the networks.
    /forget deletes all of it at once.

draw = Open this white picture, tap the pen in Telegram's editor, draw your digits large and dark, and send it back to me.
draw-page = Or tap “Draw here” below: on that page you draw with your finger.
draw-hidden = Hidden. /draw brings the button back.
button-draw = ✎ Draw here
button-hide = Hide
mini-title = Draw digits, large and dark
mini-pen = Pen
mini-undo = Undo
mini-wipe = Clear
mini-read = Read
mini-failed = This did not work. Please wait a minute and try again, or open the page once more from the chat.

send-photo = Please send me a photo of handwritten digits, as a photo or as a picture file: that is what I can read.
hint-typed = That is typed. Write { $digits } by hand, take a photo and send it to me.
read-usage = Please reply to a photo with /read, or mention me in the caption of a photo.
busy = Many photos are arriving right now. Yours is in the queue, and its answer will come.

# Lower case, separated by spaces: texts that begin with one of them are greeted.
greetings = hi hello hey start

number = { $number }
percent = { $percent } %
answer-one = <b>{ $digit }</b> · { $percent }%
answer-unsure = <b>{ $digit }</b>? · { $percent }%, or <b>{ $other }</b> · { $other-percent }%
answer-refused = I see no digit (perhaps <b>{ $digits }</b>?).
answer-several = <b>{ $digits }</b>
answer-least-sure = Least sure: the { $digit } in { $line ->
    [0] { ORDINAL($place) } place
   *[other] line { $line }, { ORDINAL($place) } place
} ({ $percent }%)
answer-turned = I turned the photo to read it.
answer-looks-turned = The photo looks sideways or upside down. Which way should I turn it?
answer-read-by = { $model ->
    [clean] clean network
    [noisy] noisy network
   *[auto] both networks
}
answer-gone = I no longer have this answer. Please send the photo once more.
photo-gone = The photo is no longer in this chat. Please send it once more.
not-yours = These buttons belong to the one who asked.
button-too-old = This message is too old for its buttons to work. Please ask once more.

sum-of = The { $count } lines add up to { $total }.
sum-unsure = This may be off: I'm not sure of every digit.

button-right = ✓ Right
button-wrong = ✗ Wrong
button-why = Why?
button-turn-left = ↺ left
button-turn-right = right ↻
button-turn-half = 180°
button-turn-none = read it as it is
button-back = ‹ Back
button-copy = ⧉ Copy
button-table = As a table
button-sum = Sum
button-show = Check { $number }
button-else = something else
button-not-a-digit = not a digit

why-caption =
    { $place ->
        [0] <b>{ $digit }</b>
       *[other] <b>{ $digit }</b> ({ $line ->
            [0] { ORDINAL($place) } digit
           *[other] line { $line }, { ORDINAL($place) } digit
        })
    } · { $percent }%. The warmer the colour in the right-hand picture, the more this answer depends on that spot.
    Clean network: { $clean } · { $clean-percent }%. Noisy network: { $noisy } · { $noisy-percent }%.
    Version: { $version }
why-changed = Another version has come into use since, and it finds other digits in this photo. Please send the photo again.
why-photo = Your photo
why-glyph = What I saw
why-heat = What mattered
why-probabilities = How likely is each digit?
why-clean = Clean network
why-noisy = Noisy network

language-name = English
language-choose = Which language shall I speak?
language-switched = I speak English now.

bot-name = Digit Reader
bot-description =
    Send me a photo of handwritten digits, and I'll tell you what they are and how sure I am.
    Photos are read and forgotten, never kept.
bot-short-description = I read handwritten digits from photos, and forget the photos.

menu-help = What makes a good photo
menu-draw = Draw instead of writing
menu-model = Choose the network that reads for you
menu-language = Choose my language
menu-privacy = What I keep
menu-forget = Delete all that I keep about you
menu-read = Read the photo you reply to
menu-retrain = Train a network
menu-versions = Trained networks, and which one serves
menu-rollback = Back to the version before
menu-samples = Corrections that users gave
menu-stats = How many photos, how often wrong

model-name = { $model ->
    [clean] clean
    [noisy] noisy
   *[auto] auto
}
model-now =
    { $model ->
        [clean] The <b>clean</b> network reads for you.
        [noisy] The <b>noisy</b> network reads for you.
       *[auto] <b>auto</b>: I ask both networks and go by the surer one.
    }
    <b>clean</b> is best for ordinary photos, <b>noisy</b> for grainy, dirty or speckled pictures, and <b>auto</b> asks both, which is best where you don't know.
model-switched = { $model ->
    [clean] From now on the <b>clean</b> network reads for you.
    [noisy] From now on the <b>noisy</b> network reads for you.
   *[auto] From now on I ask both networks and go by the surer one.
}
model-unknown = I don't know that network. The choices are <b>clean</b>, <b>noisy</b> and <b>auto</b>: for example /model noisy.

error-unreadable = I can't open this file as a picture. Please send a photo, or a JPEG, PNG or WebP file.
error-too-large = This picture is too large for me. Please send it as a photo, or as a file of at most 20 MB and 25 megapixels.
error-no-digits = { $cause ->
    [too_dark] The picture is too dark, I see no digit. Please try with more light, near a window for example.
    [too_blurred] The picture is too blurred, I see no digit. Please hold the phone still until it is in focus.
    [printed] I see only printed text. Please write the digits by hand.
    [no_ink] I see no ink in this picture. Please write large, with a dark pen, so that the digits fill the picture.
   *[other] I see something here, but no digit. Please photograph handwritten digits from above, with nothing else around them.
}
error-unknown = Something went wrong on my side, not on yours. Please send it once more. (Error { $id })
error-for-admin = Error { $id }: { $kind }
error-too-many = That is a lot of photos at once. I take { $count } a minute: please wait a little and send the rest again.
store-damaged = My store was damaged. It is kept as { $file } in my data folder, and I started with a new one: choices, corrections and unanswered photos of before are in the old file.
pointer-damaged = The file that says which { $kind } version is in use was damaged. It is kept as { $file }, and { $version } is in use now. Choose another one with /versions.
version-damaged = The { $kind } version { $version } is damaged, so { $serving } is in use instead.
tables-missing = Tables were missing in my database: { $tables }. They are there again, but empty; a backup has what was in them.
data-deleted = My data folder was deleted while I was running. I put it back with the database; versions that were trained here are gone unless you have a backup.
updates-damaged = { $count ->
    [one] One message in my database was damaged, so it stays unanswered.
   *[other] { $count } messages in my database were damaged, so they stay unanswered.
}

only-admins = Only an admin can do this.

feedback-right = Thank you! Good to know.
feedback-thanks = Thank you, I have noted it.
feedback-which = Which digit is wrong?
feedback-what-one = I read a { $digit }. What should it be?
feedback-what = { $line ->
    [0] The { ORDINAL($place) } digit
   *[other] Line { $line }, { ORDINAL($place) } digit
}: I read a { $digit }. What should it be?
feedback-confirmed = <b>{ $digits }</b> · ✓ confirmed, thank you.
feedback-noted = <b>{ $digits }</b> · thank you, I have noted it.
feedback-nothing = No digit at all: thank you, I have noted it.

forget-ask = Shall I delete all that I keep about you: what I read for you, your corrections, your choices of network and language?
forget-yes = All deleted. I no longer know you.
forget-no = I have deleted nothing.
button-forget-yes = Yes, delete all

retrain-usage = Which network? /retrain clean, /retrain noisy or /retrain both. With “full” after it the training begins from nothing and takes an hour or more.
retrain-running = A training of the { $kind } network is already running.
retrain-start =
    { $how ->
        [full] I train the <b>{ $kind }</b> network from nothing.
       *[finetune] I train the <b>{ $kind }</b> network further, from the version that serves.
    } { $corrections ->
        [0] There are no corrections to learn from.
        [one] It learns from one correction, if that is credible.
       *[other] It learns from { $corrections } corrections, as far as they are credible.
    } This takes about { $minutes ->
        [one] a minute
       *[other] { $minutes } minutes
    }; I answer photos meanwhile.
retrain-progress =
    Training the <b>{ $kind }</b> network
    { $bar } { $percent } %
    Round { $epoch } of { $epochs }, loss { $loss }, validation { $accuracy }
    { $minutes ->
        [0] less than a minute left
        [one] about one minute left
       *[other] about { $minutes } minutes left
    }
retrain-promoted = The new <b>{ $kind }</b> network reads from the next photo on: { $version }
retrain-kept = The new <b>{ $kind }</b> network does not serve. { $test ->
    [validation] It reads the validation digits worse than the old one.
    [noise] It reads worse than the old one under the noise that it is for: { $kind ->
        [clean] blurred, thin, thick, turned, slanted, small or shifted digits.
       *[noisy] salt and pepper.
    }
    [held-out] It reads the corrections kept aside no better than the old one.
    [nothing] It has learned nothing: it reads neither the corrections nor the validation digits better than the old one.
   *[load] It cannot be loaded, or answers differently than in training.
} ({ $version })
retrain-pattern = { $count } of { $all } corrections, from { $users } users, say of a { $was } that it { $to ->
    [none] is not a digit
   *[other] is a { $to }
}. Have a look at /samples: people who agree to mislead me look like this.
retrain-aside = { $count ->
    [one] One correction is set aside.
   *[other] { $count } corrections are set aside.
} This training began with them: cancel it and start again. /samples include takes them back.
retrain-distrusted = { $count ->
    [one] One correction was
   *[other] { $count } corrections were
} not used: clearly something else is written there, or with them I would misread ordinary digits. /samples shows all.
retrain-failed = The training of the <b>{ $kind }</b> network failed; the former one goes on reading. { $reason }
retrain-killed = The training of the <b>{ $kind }</b> network was killed, perhaps because memory ran out; the former one goes on reading.
retrain-cancelled = The training of the <b>{ $kind }</b> network was cancelled; the former one goes on reading.
retrain-cancelling = I am ending it.
retrain-over = This training has ended already.
retrain-untold = { $state ->
    [promoted] The new <b>{ $kind }</b> network serves: { $version }
    [kept] The training of the <b>{ $kind }</b> network has ended; its version { $version } does not serve. /versions shows it.
    [interrupted] The training of the <b>{ $kind }</b> network was interrupted by a restart; the former one goes on reading.
    [cancelled] The training of the <b>{ $kind }</b> network was cancelled; the former one goes on reading.
   *[failed] The training of the <b>{ $kind }</b> network failed; the former one goes on reading.
}
retrain-learned = Corrections that { $kind } now reads right (green): { $gained }. Still wrong (red): { $missed }.
retrain-mnist = MNIST test
retrain-validation = validation
retrain-noise = salt, pepper { $level }
retrain-own-noise = noise it is for
retrain-held-out = kept aside ({ $count })
retrain-doubt = doubt below
retrain-speed = ms per glyph
button-cancel = Cancel
button-aside = Set these aside
button-promote = Promote anyway
button-promote-sure = Yes, promote it anyway
promote-sure = It failed a test. Tap once more if you are sure.

versions = Versions of the <b>{ $kind }</b> network, newest first
version-line =
    { $serves ->
        [true] ● <b>{ $version }</b>, serves
       *[false] ○ <b>{ $version }</b>
    }
    { $date } · MNIST test { $test } %, validation { $validation } % · { $corrections ->
        [one] one correction
       *[other] { $corrections } corrections
    } · { $by ->
        [shipped] came with the bot
        [unknown] not trained from the chat
       *[user] trained by { $by }
    }
version-broken = ✗ <b>{ $version }</b>: cannot be loaded
version-serves = The <b>{ $kind }</b> network reads from the next photo on with { $version }.
version-refused = That cannot be done: the version is gone or damaged, or it serves.
rollback-usage = Which network? /rollback clean or /rollback noisy.
rollback-none = No { $kind } version served before this one.
button-serve = Serve { $version }
button-delete = Delete
button-delete-sure = Yes, delete { $version }
button-no = No

samples =
    Corrections #{ $first } to #{ $last }; those in red never train.
    { $users }
    /samples exclude 12 15 or /samples exclude user 7 sets them aside, “include” takes them back.
samples-none = There are no corrections.
samples-usage = For example: /samples, /samples exclude 12 15, /samples exclude user 7, /samples include 12.
samples-excluded = { $count ->
    [one] One correction is set aside.
   *[other] { $count } corrections are set aside.
}
samples-included = { $count ->
    [one] One correction may train again.
   *[other] { $count } corrections may train again.
}
button-older = Older

stats = In the last { $days } days { $users ->
    [one] one user
   *[other] { $users } users
} sent { $photos ->
    [one] one photo
   *[other] { $photos } photos
}, and of { $digits } digits { $percent } % were marked wrong.
stats-worst = Most often wrong is the { $digit }: { $percent } % of { $read }.
stats-all-right = None was marked wrong.
stats-title = Digits marked wrong / digits read
stats-days = { $days ->
    [one] one day
   *[other] { $days } days
}
stats-photos = { $photos ->
    [one] one photo
   *[other] { $photos } photos
}
stats-users = { $users ->
    [one] one user
   *[other] { $users } users
}
