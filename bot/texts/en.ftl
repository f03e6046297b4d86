# Every sentence that a user sees, in English.

start =
    Hello! Send me a photo of handwritten digits, and I’ll tell you what they are and how sure I am.
    No pen at hand? Draw with /draw, or tap an example below. /help shows what makes a good photo.

help =
    <b>Left: a good photo. Right: a bad one.</b>
    Write large, with a dark pen, and take the photo from above, in even light. Picture files work too (JPEG, PNG, WebP, HEIC, TIFF, the first page of a PDF), and so do albums and stickers.

    I tell you the digits and how sure I am; a question mark means I’m not sure of the digit before it. Tap <i>Wrong</i> if I’m wrong: I learn from it. <i>Why?</i> shows what I looked at.

    /draw: draw instead of writing
    /model: choose the network that reads for you
    /language: choose my language
    /privacy: what I keep
    /forget: delete everything I keep about you

    <b>In groups</b>: send a photo with the caption /read{ $bot }, reply to a photo with /read{ $bot }, or reply to one of my messages with a photo. A mere @mention reaches me only if my owner has turned privacy mode off (@BotFather, /setprivacy).

help-admin =
    <b>For admins</b>
    /retrain clean, noisy or both: train the networks
    /versions: trained networks, and which one is in use
    /rollback clean or noisy: back to the version before
    /samples: corrections that users gave
    /stats: how many photos, how many mistakes

privacy =
    I never keep your photo: I forget it as soon as I’ve read it.
    I keep what I read, how sure I was, and a tiny picture (28 × 28 pixels) of each digit, together with your Telegram ID (not your phone number) and the network and language you chose.
    The corrections you give are used to train the networks.
    I delete the pictures of digits that you did not correct after { $glyphs ->
        [one] a day
       *[other] { $glyphs } days
    }, and everything else after { $days ->
        [one] a day
       *[other] { $days } days
    }.
    /forget deletes all of it at once.

draw = Open this white picture, tap the pen in Telegram’s editor, draw large, dark digits, and send it back to me.
draw-page = Or tap “Draw here” below: on that page you can draw with your finger.
button-draw = ✎ Draw here
mini-title = Draw large, dark digits
mini-pen = Pen
mini-undo = Undo
mini-wipe = Clear
mini-read = Read
mini-failed = That didn’t work. Please wait a minute and try again, or open the page again from the chat.

send-photo = Send me handwritten digits, as a photo or a file, and I’ll read them.
unknown-command = I don’t know this command. /help shows what I can do.
hint-typed = That’s typed, and I read only handwriting. Write { $digits } by hand, take a photo and send it to me.
read-usage = Please reply to a photo with /read{ $bot }, or send a photo with /read{ $bot } as its caption.
guest-usage = Name me ({ $bot }) in the caption of a photo, or in a reply to a photo, and I’ll read it.
busy = Many photos are arriving right now. Yours is in the queue; you’ll get an answer soon.

# Lower case, separated by spaces: texts that begin with one of them are greeted.
greetings = hi hello hey start

number = { $number }
percent = { $percent }%
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
answer-gone = I no longer have this answer. Please send the photo again.
photo-gone = The photo is no longer in this chat. Please send it again.
not-yours = These buttons are for the person who asked.
button-too-old = This message is too old for its buttons to work. Please ask again.

sum-of = The { $count } lines add up to { $total }.
sum-unsure = This may be off: I’m not sure of every digit.

button-right = ✓ Right
button-wrong = ✗ Wrong
button-why = Why?
button-turn-left = ↺ left
button-turn-right = right ↻
button-turn-half = 180°
button-turn-none = read it as it is
button-back = ‹ Back
button-copy = Copy
button-table = As a table
button-sum = Add up the lines
button-show = Check photo { $number }
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
language-choose = Which language should I speak?
language-switched = I speak English now.

bot-description =
    Send me a photo of handwritten digits, and I’ll tell you what they are and how sure I am.
    I read photos and forget them; I never keep them.
bot-short-description = I read handwritten digits in photos, and forget the photos.

menu-help = What makes a good photo
menu-draw = Draw instead of writing
menu-model = Choose the network that reads for you
menu-language = Choose my language
menu-privacy = What I keep
menu-forget = Delete everything I keep about you
menu-read = Read the photo you reply to
menu-retrain = Train a network
menu-versions = Trained networks, and which one is in use
menu-rollback = Back to the version before
menu-samples = Corrections that users gave
menu-stats = How many photos, how many mistakes

model-name = { $model ->
    [clean] clean
    [noisy] noisy
   *[auto] auto
}
model-now =
    { $model ->
        [clean] The <b>clean</b> network reads for you.
        [noisy] The <b>noisy</b> network reads for you.
       *[auto] <b>auto</b>: I ask both networks and go with the surer one.
    }
    <b>clean</b> is best for ordinary photos, <b>noisy</b> for grainy, dirty or speckled pictures, and <b>auto</b> asks both, which is best if you’re not sure.
model-switched = { $model ->
    [clean] From now on the <b>clean</b> network reads for you.
    [noisy] From now on the <b>noisy</b> network reads for you.
   *[auto] From now on I ask both networks and go with the surer one.
}
model-unknown = I don’t know that network. You can choose <b>clean</b>, <b>noisy</b> or <b>auto</b>: for example /model noisy.

error-unreadable = I can’t open this file as a picture. Please send a photo, or a JPEG, PNG or WebP file.
error-too-large = This picture is too large for me. Please send it as a photo, or as a file of at most 20 MB and 12 megapixels.
error-not-received = This picture didn’t reach me in time. Please send it again.
error-no-digits = { $cause ->
    [too_dark] The picture is too dark for me to see a digit. Please try with more light, near a window for example.
    [too_blurred] The picture is too blurred for me to see a digit. Please hold the phone still until it is in focus.
    [printed] I see only printed text. Please write the digits by hand.
    [crowded] There are too many marks in this picture for me to find digits. Please photograph just the digits, closer and on plain paper.
    [no_ink] I see no ink in this picture. Please write large, with a dark pen, so that the digits fill the picture.
   *[other] I see something here, but no digit. Please photograph handwritten digits from above, with nothing else around them.
}
error-unknown = Something went wrong on my side, not on yours. Please send it again. (Error { $id })
error-for-admin = Error { $id }: { $kind }
error-too-many = I didn’t read this photo, nor any you sent right after it: I take { $count } a minute. Please send them again in { $seconds ->
    [one] a second
   *[other] { $seconds } seconds
}.
store-damaged = My database was damaged. I kept it as { $file } in my data folder and started a new one: earlier choices, corrections and unanswered photos are in the old file.
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
feedback-thanks = Thank you, I’ve noted it.
feedback-which = Which digit is wrong?
feedback-what-one = I read a { $digit }. What should it be?
feedback-what = { $line ->
    [0] The { ORDINAL($place) } digit
   *[other] Line { $line }, { ORDINAL($place) } digit
}: I read a { $digit }. What should it be?
feedback-confirmed = <b>{ $digits }</b> · ✓ confirmed, thank you.
feedback-noted = <b>{ $digits }</b> · thank you, I’ve noted it.
feedback-nothing = No digit at all: thank you, I’ve noted it.

forget-ask = Delete everything I keep about you: what I read for you, your corrections, your choices of network and language?
forget-yes = Done, everything is deleted.
forget-no = I haven’t deleted anything.
button-forget-yes = Yes, delete everything

retrain-usage = Which network? /retrain clean, /retrain noisy or /retrain both. Add “full” to start from scratch: that takes an hour or more.
retrain-running = The { $kind } network is already being trained.
retrain-no-worker = No worker is running: the training begins as soon as one is started (python -m bot.worker).
retrain-start =
    { $how ->
        [full] I’m training the <b>{ $kind }</b> network from scratch.
       *[finetune] I’m training the <b>{ $kind }</b> network further, from the version in use.
    } { $corrections ->
        [0] There are no corrections to learn from.
        [one] It learns from one correction, if it looks genuine.
       *[other] It learns from { $corrections } corrections, as far as they look genuine.
    } This takes about { $minutes ->
        [one] a minute
       *[other] { $minutes } minutes
    }; I keep answering photos meanwhile.
retrain-progress =
    Training the <b>{ $kind }</b> network
    { $bar } { $percent }%
    Epoch { $epoch } of { $epochs }
    loss { $loss }, validation { $accuracy }
    { $minutes ->
        [-1] working out how long it takes…
        [0] less than a minute left
        [one] about one minute left
       *[other] about { $minutes } minutes left
    }
retrain-promoted = The new <b>{ $kind }</b> network is in use from the next photo on: { $version }
retrain-kept = The new <b>{ $kind }</b> network is not in use. { $test ->
    [validation] It reads the validation digits worse than the old one.
    [noise] It reads worse than the old one under its own noise: { $kind ->
        [clean] blurred, thin, thick, turned, slanted, small or shifted digits.
       *[noisy] salt and pepper.
    }
    [held-out] It reads the corrections kept aside no better than the old one.
    [nothing] It has learned nothing: it reads neither the corrections nor the validation digits better than the old one.
   *[load] It can’t be loaded, or it answers differently than in training.
} ({ $version })
retrain-pattern = { $count } of { $all } corrections, from { $users } users, say of a { $was } that it { $to ->
    [none] is not a digit
   *[other] is a { $to }
}. Have a look at them: people who agree to mislead me look like this.
retrain-aside = { $count ->
    [one] One correction is set aside.
   *[other] { $count } corrections are set aside.
} This training began with them: cancel it and start again. /samples include takes them back.
left-out = { $sign } not used, because { $reason ->
    [contradicted] clearly something else is written there
    [harmful] with them I’d misread ordinary digits
   *[too_many] there are enough from the same user
}: { $count }
retrain-failed = Training the <b>{ $kind }</b> network failed; the old version stays in use. { $reason }
retrain-killed = Training the <b>{ $kind }</b> network was stopped by the system, perhaps for lack of memory; the old version stays in use.
retrain-cancelled = Training the <b>{ $kind }</b> network was cancelled; the old version stays in use.
retrain-cancelling = I’m stopping it.
retrain-over = This training is already over.
retrain-ended = { $state ->
    [promoted] The new <b>{ $kind }</b> network is in use: { $version }
    [kept] Training the <b>{ $kind }</b> network is over; its version { $version } is not in use. /versions shows it.
    [interrupted] A restart interrupted the training of the <b>{ $kind }</b> network; the old version stays in use.
    [cancelled] Training the <b>{ $kind }</b> network was cancelled; the old version stays in use.
   *[failed] Training the <b>{ $kind }</b> network failed; the old version stays in use.
}
retrain-learned = Corrections that { $kind } now reads right (green): { $gained }. Still wrong (red): { $missed }.
retrain-mnist = MNIST
retrain-validation = validation
retrain-noise = noise { $level }
retrain-own-noise = own noise
retrain-held-out = kept aside
retrain-doubt = doubt below
retrain-speed = ms a digit
button-cancel = Cancel
button-look = Show them
button-approve = They are right
button-aside = Set these aside
button-promote = Promote anyway
button-promote-sure = Yes, promote it anyway
promote-sure = It failed a test. Tap again to confirm.

versions = Versions of the <b>{ $kind }</b> network, newest first
version-line =
    { $serves ->
        [true] ● <b>{ $version }</b>, in use
       *[false] ○ <b>{ $version }</b>
    }
    { $date } · MNIST test { $test }%, validation { $validation }% · { $corrections ->
        [one] one correction
       *[other] { $corrections } corrections
    } · { $by ->
        [shipped] came with the bot
        [unknown] not trained from the chat
       *[user] trained by { $by }
    }
version-broken = ✗ <b>{ $version }</b>: cannot be loaded
version-serves = The <b>{ $kind }</b> network uses { $version } from the next photo on.
version-refused = That can’t be done: the version is gone, damaged or in use.
rollback-none = There was no { $kind } version in use before this one.
button-serve = Use { $version }
button-delete = Delete
button-delete-sure = Yes, delete { $version }
button-no = No

samples =
    Corrections #{ $first } to #{ $last }; those in red are never used for training, those in amber were left out last time.
    { $users }
    To leave some out: /samples exclude 12 15 or /samples exclude user 7. “include” lets them train, whatever my tests say.
samples-none = There are no corrections.
samples-usage = For example: /samples, /samples exclude 12 15, /samples exclude user 7, /samples include 12.
samples-excluded = { $count ->
    [one] One correction is left out.
   *[other] { $count } corrections are left out.
}
samples-included = { $count ->
    [one] One correction is used for training, whatever my tests say.
   *[other] { $count } corrections are used for training, whatever my tests say.
}
button-older = Older

stats = In the last { $days } days { $users ->
    [one] one user
   *[other] { $users } users
} sent { $photos ->
    [one] one photo
   *[other] { $photos } photos
}. Marked as wrong: { $share } digits.
stats-worst = Most often wrong is the { $digit }: { $share }.
stats-all-right = None was marked as wrong.
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
button-try-one = One digit
button-try-several = Several
button-try-doubt = A hard one
taught = { $count ->
    [one] You taught me this: thanks to you, I now read it as { $digits }.
   *[other] You taught me these: thanks to you, I now read them as { $digits }.
}
button-mute = No more of these messages
muted = All right, I won’t send you these any more.
retrain-choose = Which network should I train? It takes about { $minutes ->
    [one] a minute
   *[other] { $minutes } minutes
} each, and I keep answering photos meanwhile. Nothing starts until you tap.
retrain-both = I’ll train both networks, one after the other: first clean, then noisy.
retrain-used = Corrections: { $used } used for training, { $measured } kept aside to measure.
of = { $part }/{ $whole }
rollback-choose = Which network should go back to the version before? Nothing changes until you tap.
button-both = both
samples-user = User { $teacher }: { $numbers }
share = { $few ->
    [yes] { $wrong } of { $read }
   *[no] { $percent }% of { $read }
}

# The page of the local chat itself.
page-title = { $name } · local chat
page-connecting = connecting…
page-bot = bot
page-typing = typing…
page-sending-photo = sending a photo…
page-sending-file = sending a file…
page-busy = busy…
page-i-am = I am
page-role-user = user
page-role-second = another user
page-role-admin = admin
page-you-are = You are { $name } ({ $role }). Change
page-where = I write
page-private = to the bot
page-group = in a group
page-language = Language
page-drop-hint = Drop or paste a picture here, or
page-choose-photos = Choose photos
page-draw = Draw
page-start = Start
page-messages = Messages
page-newest = To the newest message
page-commands = Commands
page-reply = Reply
page-no-reply = Do not reply
page-message = Message
page-attach = Send pictures or files
page-draw-digits = Draw digits
page-send = Send
page-photos = Photos
page-camera = Camera
page-file-unchanged = File, unchanged
page-send-pictures = Send pictures
page-send-files = Send files
page-as-files = Send unchanged, as files
page-caption = Caption
page-leave-out = Leave out { $file }
page-cancel = Cancel
page-close-unsent = Close without sending
page-paper = Paper to draw on with mouse, finger or pen
page-discard = Throw this drawing away?
page-picture = Picture
page-close = Close the picture
page-photo = Photo
page-open-photo = Photo, open large
page-file = file
page-edited = edited
page-answers = Answers
page-drop = Drop to send
page-copied = Copied: { $text }
page-not-sent = Not sent: { $reason }
page-not-running = the bot is not running
page-group-hint = In a group the bot reads a photo with the caption /read{ $bot }, or one to which you reply with it.
