"""The network of both kinds: a small VGG that takes 28x28 glyphs and gives eleven logits.

Ten logits name the digit; the eleventh says whether it is a digit at all. Its story, in errors of
MNIST test, and of optdigits as read by `clean` and `noisy`:
1. one convolution at 28 px where two had cost a third more time for no less error (a tenth of
   the data), strong augmentation, 26 epochs of `clean`: 42 errors, optdigits 94.6 %;
2. training glyphs sampled sharply and some left plain, since blurring validation a little had
   mended 7 of 27 errors, more flagged and fat ones, six more epochs: 35 errors, 96.6 %;
3. `noisy` from `clean` of step 1, on the data of step 2, 13 epochs: 44 errors, 98.6 %;
4. glyphs through our own pipeline once more and some mild noise for `clean`, more forms of 3, 4
   and 9, 22 epochs from nothing: 38 errors, 99.1 %; a 7x7 first kernel had gained nothing;
5. `noisy` from that, more salt and pepper, 36 epochs: 40 errors, 98.9 %; half of the pixels black
   or white: 93.9 % where step 3 read 92.4 (validation);
6. one convolution more at 28 and at 14 px after all, since noise is told from strokes where pixels
   are small: after four epochs from nothing on salt and pepper alone 95.8 % where five layers read
   94.7 (validation, half of the pixels). Grown into `noisy` of step 5, 12 epochs, half of the
   glyphs as written: 40 errors, validation 99.58 -> 99.66, 93.9 -> 95.8 % with half of the pixels;
7. `clean` from that, 14 epochs: 30 errors where four more epochs of step 4 had 32, and half of the
   pixels 88.8 % in place of 71.0 (validation).
"""

import keras
import tensorflow as tf
from keras import layers

SIDE = 28  # px
LOGITS = 11
PARAMETERS = 291_115, 337_579  # and of a deep one; the bound that quick serving sets is 400,000
BLOCKS = ((32,), (64, 64), (128, 128))  # channels of the 3x3 convolutions at 28, 14 and 7 px
DEEPENED = 2  # blocks, the first ones, that have another convolution in a deep network
ADDED = "added"  # in the names of its layers
DROPOUT = 0.3  # before the last layer
DIGIT_WEIGHT = 0.5  # of the loss of "is it a digit" beside that of "which one"


def build(seed: int, *, deep: bool = False) -> keras.Model:
    """Return a fresh network: float32 (n, 28, 28, 1) glyphs -> (n, 11) logits.

    A deep one has one convolution more at 28 and at 14 px, beside a way around it; these begin by
    adding nothing (Goyal et al., "Accurate, Large Minibatch SGD", 2017, section 5.1).
    """
    keras.utils.set_random_seed(seed)
    glyphs = keras.Input((SIDE, SIDE, 1))
    # Each glyph by its own mean and spread: a grey or hazy ground is no longer an unknown one.
    x = layers.LayerNormalization(axis=(1, 2, 3), center=False, scale=False)(glyphs)
    for i, widths in enumerate(BLOCKS):
        if i > 0:
            x = layers.MaxPooling2D()(x)
        for width in widths:
            x = layers.Conv2D(width, 3, padding="same", use_bias=False)(x)
            x = layers.BatchNormalization(momentum=0.9)(x)
            x = layers.ReLU()(x)
        if deep and i < DEEPENED:
            x = layers.ReLU()(layers.Add()([x, _added(x, str(i))]))
    x = layers.AveragePooling2D(2)(x)  # to 3x3: where a stroke is still counts, as in 4 and 9
    x = layers.Dropout(DROPOUT)(layers.Flatten()(x))
    network = keras.Model(glyphs, layers.Dense(LOGITS)(x))
    if network.count_params() != PARAMETERS[deep]:
        raise ValueError(f"{network.count_params()} parameters, not {PARAMETERS[deep]}")
    return network


def deepen(network: keras.Model, seed: int) -> keras.Model:
    """Return a deep network that answers as this one does; raises ValueError if it is deep."""
    deep = build(seed, deep=True)
    known = [layer for layer in deep.layers if layer.weights and ADDED not in layer.name]
    origins = [layer for layer in network.layers if layer.weights]
    if len(known) != len(origins):
        raise ValueError("this network is deep already")
    for layer, origin in zip(known, origins, strict=True):
        layer.set_weights(origin.get_weights())
    return deep


def _added(x: keras.KerasTensor, name: str) -> keras.KerasTensor:
    """What a convolution adds to maps x: nothing, until it is trained."""
    own = f"{ADDED}_{name}"
    x = layers.Conv2D(x.shape[-1], 3, padding="same", use_bias=False, name=own)(x)
    begins = keras.initializers.Zeros()
    return layers.BatchNormalization(momentum=0.9, gamma_initializer=begins, name=f"{own}_norm")(x)


def loss(wanted: tf.Tensor, logits: tf.Tensor) -> tf.Tensor:
    """Return the cross-entropy of the digit, none for a non-digit, plus that of "is a digit"."""
    which = -keras.ops.sum(wanted[:, :-1] * keras.ops.log_softmax(logits[:, :-1]), axis=-1)
    whether = keras.ops.binary_crossentropy(wanted[:, -1], logits[:, -1], from_logits=True)
    return which + DIGIT_WEIGHT * whether


def digits_right(wanted: tf.Tensor, logits: tf.Tensor) -> tf.Tensor:
    """Return the share of right answers among the digits of a batch."""
    digits = wanted[:, -1]
    same = keras.ops.argmax(wanted[:, :-1], axis=-1) == keras.ops.argmax(logits[:, :-1], axis=-1)
    return keras.ops.sum(keras.ops.cast(same, "float32") * digits) / keras.ops.sum(digits)
