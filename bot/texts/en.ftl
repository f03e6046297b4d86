# Every sentence that a user sees, in English.

start =
    Hello! Send me a photo of a handwritten digit, or of several, and I say what they are and how sure I am.
    Dark ink on light paper in even light works best; /help says more.

help =
    <b>How it works</b>
    Write digits with a dark pen, photograph them from above so that they fill much of the picture, and send the photo. A picture file works too.

    I answer with the digits and how sure I am. A question mark means that I am not sure.

    <b>Commands</b>
    /model: choose the network that reads for you
    /help: this text

help-admin =
    <b>For admins</b>
    /retrain clean or /retrain noisy: train a network anew

send-photo = Send me a photo of handwritten digits: as a photo or as a picture file.

answer-one = <b>{ $digit }</b> · { $percent } % sure
answer-unsure = <b>{ $digit }</b>? · { $percent } %, or <b>{ $other }</b> · { $other-percent } %
answer-several = <b>{ $digits }</b>
answer-several-unsure = <b>{ $digits }</b>?
answer-least-sure = Least sure: the { $digit }, { $percent } %
answer-read-by = <i>{ $model } network, { $version }</i>

model-name = { $model ->
    [clean] clean
    [noisy] noisy
   *[auto] auto
}
model-now =
    { $model ->
        [clean] The <b>clean</b> network reads for you.
        [noisy] The <b>noisy</b> network reads for you.
       *[auto] <b>auto</b>: for each photo I take the network that suits it.
    }
    <b>clean</b> is best for ordinary photos, <b>noisy</b> for grainy, dirty or speckled pictures, and <b>auto</b> chooses by itself.
model-switched = { $model ->
    [clean] From now on the <b>clean</b> network reads for you.
    [noisy] From now on the <b>noisy</b> network reads for you.
   *[auto] From now on I take for each photo the network that suits it.
}
model-unknown = I don't know that network. The choices are <b>clean</b>, <b>noisy</b> and <b>auto</b>: for example /model noisy.

error-unreadable = I can't open this file as a picture. Please send a photo, or a JPEG, PNG or WebP file.
error-too-large = This picture is too large for me. Please send it as a photo, or as a file of at most 20 MB.
error-no-digits = { $cause ->
    [too_dark] The picture is too dark: I see no digit. Please try again with more light.
    [too_blurred] The picture is too blurred: I see no digit. Please hold the phone still and try again.
    [printed] I see only printed text, no handwritten digit.
    [no_ink] I see no ink in this picture. Please write the digit large and with a dark pen.
   *[other] I see no digit in this picture. Please photograph handwritten digits from above, in even light.
}
error-unknown = Something went wrong on my side, not on yours. Please send it once more. (Error { $id })
error-for-admin = Error { $id }: { $kind }

only-admins = Only an admin can do this.

retrain-usage = Which network? /retrain clean or /retrain noisy.
retrain-running = A training of the { $kind } network is already running: see the message above.
retrain-start = I train the <b>{ $kind }</b> network anew, starting from the one that serves. Photos are answered meanwhile.
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
retrain-kept = The new network is not better, so the former one goes on reading. ({ $version })
retrain-failed = The training of the <b>{ $kind }</b> network failed; the former one goes on reading. { $reason }
retrain-interrupted = The training of the <b>{ $kind }</b> network was interrupted by a restart; the former one goes on reading.
retrain-mnist = MNIST test
retrain-validation = validation
retrain-noise = salt and pepper { $level }
retrain-doubt = doubt below
retrain-speed = ms per glyph
