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
   94.7 (validation, half of the pixels); grown into step 5 as ways around, beginning at zero, and
   `clean` from that: 40 and 30 errors, half of the pixels 95.8 and 88.8 %;
7. both layers from nothing, and what was written drawn as a second answer while training: the loss
   after one such epoch 0.651, 0.679 without drawing, 0.688 with ways around the new layers.
   32 epochs of `noisy`, then 14 of `clean` from it: 40 and 30 errors, and half of the pixels
   98.4 and 96.3 % (validation);
8. one convolution less at 14 px, a fifth of the time of serving, less noise for `noisy` and six
   epochs more of `clean`: 35 and 28 errors, half of the pixels 98.1 and 92.0 % (validation);
9. another end for `clean` was looked for, in errors of 5,000 validation digits and of 2,979 by
   other hands, each the mean of two runs or three: as it is 20 and 31, Muon 19 and 29, weight
   decay 0.05 20 and 30, twice the rate 20 and 32, half of the last maps dropped 20 and 33, mixed
   digits 32 and 30, softer labels 25 and 32, 30 epochs 18 and 32; one run of 60 epochs 16 and 34.
   Weights averaged while training read as the last ones do, and averaging over small shifts,
   turns and slants of a glyph gains one error at most. Only longer training gains;
10. so `clean` trains as long as an hour holds since normalizing is one kernel: 36 epochs from the
   `noisy` of step 8: 19 errors of the 5,000 where 20 epochs had 20, and 25 errors of MNIST test;
11. both anew by `make train` without pause, 32 epochs each: `noisy` 29 errors in 57 minutes,
   `clean` 28 in 55, and 18 of the 5,000: which of two such networks is better, no test tells;
12. digits that `noisy` finds hard shown to `clean` up to fifteen times as often: after six epochs
   17 or 20 errors of the 5,000 for 24, but 49 or 40 by other hands for 33; less and less so over
   32 epochs: 19 for 18, and 38 for 33. MNIST's hard digits are American ones: not taken;
13. of the noise of `clean`, a quarter of its glyphs as before, a third salt and pepper and all of
   any hardness, so that `auto` hears the right one: 17 and 35 errors for 18 and 33, 28 of MNIST
   test as before; 95 levels of noise 1.75 % for 1.97; `auto` is more than 0.2 points behind the
   better at 3 of them for 10 (validation). Before it, each for the time of six epochs: the first
   block kept as it is, and steps to flat minima (SAM), gained nothing;
14. of the noise of both less salt and pepper (`noisy` two fifths for seven tenths, `clean` a fifth
   for a third) and one more form of 1, each 31 epochs in its hour: `auto` errs at the 95 levels
   in 1.59 % for 1.73, and the log loss by other hands falls from 0.033 to 0.031; but half of the
   pixels 97.3 and 96.7 % for 98.0 and 97.5, `clean` 19 errors for 17, `auto` over 0.2 points
   behind at 5 levels for 3 (validation): not taken;
15. the same with half of `noisy`'s noise salt and pepper, a third of that of `clean`: 95 levels
   1.60 %, by other hands 0.031, half of the pixels 97.9 and 97.5, `clean` 16 errors for 17; but
   314 errors for 279 of 30,000 augmented digits, `auto` 329 for 293 and over 0.2 points behind
   at 5 levels for 3 (validation): not taken.
"""

import keras
import tensorflow as tf
from keras import layers

from preprocessing.glyph import SIDE

LOGITS = 11
PARAMETERS = 300_459  # the bound that quick serving sets is 400,000
BLOCKS = ((32, 32), (64, 64), (128, 128))  # channels of the 3x3 convolutions, 28, 14, 7 px
RECONSTRUCTION_SIDE = 14  # px: the last maps of this size tell what was written
RECONSTRUCTION_LAYER = (
    "telling"  # the layer that does: its own name, since a loaded network brings Keras' own
)
DROPOUT = 0.3  # before the last layer
DIGIT_WEIGHT = 0.5  # of the loss of "is it a digit" beside that of "which one"


class FusedNormalization(layers.BatchNormalization):  # type: ignore[misc]
    """What its parent computes over the last axis, by the fused kernel while training."""

    def call(
        self, inputs: tf.Tensor, training: bool | None = None, mask: tf.Tensor | None = None
    ) -> tf.Tensor:
        """Return (n, height, width, channels) normalized; by the batch only while training."""
        if not training:
            return super().call(inputs, training=False, mask=mask)
        normal, mean, variance, *_ = tf.compat.v1.nn.fused_batch_norm(
            inputs, self.gamma, self.beta, epsilon=self.epsilon, is_training=True
        )
        for moving, seen in (self.moving_mean, mean), (self.moving_variance, variance):
            moving.assign(moving * self.momentum + seen * (1 - self.momentum))
        return normal


def fused(network: keras.Model) -> keras.Model:
    """Return the same network with the same weights, to train it quickly."""

    def quick(layer: keras.Layer) -> keras.Layer:
        known = isinstance(layer, layers.BatchNormalization)
        kind = FusedNormalization if known else type(layer)
        return kind.from_config(layer.get_config())

    other = keras.models.clone_model(network, clone_function=quick)
    other.set_weights(network.get_weights())
    return other


def build(seed: int) -> keras.Model:
    """Return a fresh network: float32 (n, 28, 28, 1) glyphs -> (n, 11) logits."""
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
    x = layers.AveragePooling2D(2)(x)  # to 3x3: where a stroke is still counts, as in 4 and 9
    x = layers.Dropout(DROPOUT)(layers.Flatten()(x))
    network = keras.Model(glyphs, layers.Dense(LOGITS)(x))
    if network.count_params() != PARAMETERS:
        raise ValueError(f"{network.count_params()} parameters, not {PARAMETERS}")
    return network


def with_reconstruction_head(network: keras.Model) -> keras.Model:
    """Return the network with a second output, the glyph as it was written: (n, 28, 28) logits.

    To draw it the network has to tell strokes from noise in each place, not for one answer.
    """
    size = (RECONSTRUCTION_SIDE, RECONSTRUCTION_SIDE)
    maps = [layer.output for layer in network.layers if layer.output.shape[1:3] == size][-1]
    fine = SIDE // RECONSTRUCTION_SIDE  # px of the glyph for one of the maps, each way
    # From zeros, so that it learns from what the network knows before it asks for more.
    telling = layers.Conv2D(fine**2, 1, kernel_initializer="zeros", name=RECONSTRUCTION_LAYER)
    x = layers.Reshape((*size, fine, fine))(telling(maps))
    x = layers.Permute((1, 3, 2, 4))(x)
    x = layers.Reshape((SIDE, SIDE))(x)
    return keras.Model(network.input, {"digits": network.output, "written": x})


def reconstruction_loss(wanted: tf.Tensor, logits: tf.Tensor) -> tf.Tensor:
    """Return how far a drawn glyph is from the one that was written: cross-entropy of a pixel."""
    pixels = keras.ops.binary_crossentropy(wanted, logits, from_logits=True)
    return keras.ops.mean(pixels, axis=(1, 2))


def loss(wanted: tf.Tensor, logits: tf.Tensor) -> tf.Tensor:
    """Return the cross-entropy of the digit, none for a non-digit, plus that of "is a digit"."""
    which = -keras.ops.sum(wanted[:, :-1] * keras.ops.log_softmax(logits[:, :-1]), axis=-1)
    whether = keras.ops.binary_crossentropy(wanted[:, -1], logits[:, -1], from_logits=True)
    return which + DIGIT_WEIGHT * whether


def digit_accuracy(wanted: tf.Tensor, logits: tf.Tensor) -> tf.Tensor:
    """Return the share of right answers among the digits of a batch."""
    digits = wanted[:, -1]
    same = keras.ops.argmax(wanted[:, :-1], axis=-1) == keras.ops.argmax(logits[:, :-1], axis=-1)
    return keras.ops.sum(keras.ops.cast(same, "float32") * digits) / keras.ops.sum(digits)
