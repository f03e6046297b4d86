"""The network of both kinds: a small VGG that takes 28x28 glyphs and gives eleven logits.

Ten logits name the digit; the eleventh says whether it is a digit at all.
"""

import keras
from keras import layers

SIDE = 28  # px
LOGITS = 11
PARAMETERS = 300_459  # the bound that quick serving sets is 400,000
WIDTHS = (32, 64, 128)  # channels at 28x28, 14x14 and 7x7
BLEND = 0.3  # dropout before the last layer


def build(seed: int) -> keras.Model:
    """Return a fresh network: float32 (n, 28, 28, 1) glyphs -> (n, 11) logits."""
    keras.utils.set_random_seed(seed)
    glyphs = keras.Input((SIDE, SIDE, 1))
    x = layers.LayerNormalization(axis=(1, 2, 3), center=False, scale=False)(glyphs)
    for width in WIDTHS:
        if width != WIDTHS[0]:
            x = layers.MaxPooling2D()(x)
        for _ in range(2):
            x = layers.Conv2D(width, 3, padding="same", use_bias=False)(x)
            x = layers.BatchNormalization(momentum=0.9)(x)
            x = layers.ReLU()(x)
    x = layers.AveragePooling2D(2)(x)
    x = layers.Flatten()(x)
    x = layers.Dropout(BLEND)(x)
    network = keras.Model(glyphs, layers.Dense(LOGITS)(x))
    if network.count_params() != PARAMETERS:
        raise ValueError(f"{network.count_params()} parameters, not {PARAMETERS}")
    return network
