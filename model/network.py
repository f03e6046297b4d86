"""The network of both kinds: a small VGG that takes 28x28 glyphs and gives eleven logits.

Ten logits name the digit; the eleventh says whether it is a digit at all.
"""

import keras
from keras import layers

SIDE = 28  # px
LOGITS = 11
PARAMETERS = 291_115  # the bound that quick serving sets is 400,000
BLOCKS = ((32,), (64, 64), (128, 128))  # channels of the 3x3 convolutions at 28, 14 and 7 px
DROPOUT = 0.3  # before the last layer


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
