"""The network of both kinds: a small VGG, 28x28 glyphs in, eleven logits out.

Ten logits name the digit; the eleventh says whether the glyph is a digit at all. What was tried on
the way, with figures, is in docs/experiments.md.
"""

import keras
import tensorflow as tf
from keras import layers

from model.classes import CLASSES
from preprocessing.glyph import SIDE

LOGITS = CLASSES + 1  # ten digits, and "is a digit"
PARAMETERS = 300_459  # more than 400,000 would make reading slow
BLOCKS = ((32, 32), (64, 64), (128, 128))  # channels of the 3x3 convolutions, 28, 14, 7 px
RECONSTRUCTION_SIDE = 14  # px: the head reads the last feature maps of this size
RECONSTRUCTION_LAYER = "reconstruction"  # a fixed name: automatic ones clash in loaded networks
DROPOUT = 0.3  # before the last layer
DIGIT_WEIGHT = 0.5  # weight of the loss of "is a digit" beside that of the digit, 1


class FusedNormalization(layers.BatchNormalization):  # type: ignore[misc]
    """Batch normalization over the last axis by the fused kernel while training: quicker."""

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
    # Normalizes each glyph by its own mean and deviation: grey or hazy paper changes less.
    x = layers.LayerNormalization(axis=(1, 2, 3), center=False, scale=False)(glyphs)
    for i, widths in enumerate(BLOCKS):
        if i > 0:
            x = layers.MaxPooling2D()(x)
        for width in widths:
            x = layers.Conv2D(width, 3, padding="same", use_bias=False)(x)
            x = layers.BatchNormalization(momentum=0.9)(x)
            x = layers.ReLU()(x)
    x = layers.AveragePooling2D(2)(x)  # to 3x3: keeps coarse positions, which 4 and 9 differ in
    x = layers.Dropout(DROPOUT)(layers.Flatten()(x))
    network = keras.Model(glyphs, layers.Dense(LOGITS)(x))
    if network.count_params() != PARAMETERS:
        raise ValueError(f"{network.count_params()} parameters, not {PARAMETERS}")
    return network


def with_reconstruction_head(network: keras.Model) -> keras.Model:
    """Return the network with a second output, the glyph without its noise: (n, 28, 28) logits.

    A reconstruction head: its loss trains the network to separate strokes from noise per pixel.
    """
    size = (RECONSTRUCTION_SIDE, RECONSTRUCTION_SIDE)
    maps = [layer.output for layer in network.layers if layer.output.shape[1:3] == size][-1]
    fine = SIDE // RECONSTRUCTION_SIDE  # px of the glyph for one of the maps, each way
    # From zeros, so that its first gradients do not disturb the features of a trained network.
    head = layers.Conv2D(fine**2, 1, kernel_initializer="zeros", name=RECONSTRUCTION_LAYER)
    x = layers.Reshape((*size, fine, fine))(head(maps))
    x = layers.Permute((1, 3, 2, 4))(x)
    x = layers.Reshape((SIDE, SIDE))(x)
    return keras.Model(network.input, {"digits": network.output, "written": x})


def reconstruction_loss(wanted: tf.Tensor, logits: tf.Tensor) -> tf.Tensor:
    """Return the mean cross-entropy of a pixel between reconstructed and uncorrupted glyph."""
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
