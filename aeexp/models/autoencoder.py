"""Autoencoder: encoder, bottleneck, prior and decoder as one Keras model."""

import math
from collections.abc import Callable, Collection, Mapping

import keras
import tensorflow as tf

from aeexp.errors import ConfigError
from aeexp.models.bottlenecks.bottleneck import Bottleneck
from aeexp.models.learned_numbers import LearnedNumbers
from aeexp.models.priors.prior import Density, Prior
from aeexp.runtime.random import fold_in, fold_in_each
from aeexp.types import Outputs

OF_SAMPLES = (
    "latents",
    "reconstructions",
    "log_prior",
    "log_posterior",
    "log_posterior_of_latents",
    "path_scale",
)
"""Outputs of several codes of each image."""

PRIOR_STREAM = 500
"""Random stream of the codes from the prior, of the seeds of an image."""


class Autoencoder(keras.Model):
    """Autoencoder with any encoder, bottleneck, prior and decoder: images -> Outputs.

    Args:
        encoder: functional model from images to the bottleneck's parameters.
        bottleneck: takes the latent from these.
        decoder: functional model from the latent to images.
        prior: what a bottleneck with a density is held against.
        learned: numbers that loss terms learn, with their first values; None for none.
        needed: outputs that loss terms need; `prior_latent` and `decoder_norm` are given where they are named here. The
            former lets any bottleneck have a prior.

    Raises:
        ConfigError: for a prior on other codes than those of the bottleneck.
    """

    def __init__(
        self,
        encoder: keras.Model,
        bottleneck: Bottleneck,
        decoder: keras.Model,
        prior: Prior | None = None,
        learned: LearnedNumbers | None = None,
        needed: Collection[str] = (),
    ) -> None:
        super().__init__(name="autoencoder", dtype="float32")
        self.encoder = encoder
        self.decoder = decoder
        self.bottleneck = bottleneck
        self.needed = frozenset(needed)
        is_drawn = "prior_latent" in self.needed
        self.prior = prior if bottleneck.probabilistic or is_drawn else None
        self.learned = learned
        _check_fit(bottleneck, prior, is_drawn)
        if self.prior is not None and not self.prior.built:
            self.prior.connect(encoder)
        for layer, shape in ((self.bottleneck, None), (self.prior, decoder.input.shape[1:])):
            if layer is not None and not layer.built:
                layer.build(shape)
        self.built = True

    @property
    def output_names(self) -> set[str]:  # type: ignore[override]
        """What `draw` gives."""
        of_density = {"kl", *OF_SAMPLES} if self._has_density else set()
        return {
            *self.encoder.output,
            *self.bottleneck.penalty_names,
            "latent",
            "reconstruction",
            *of_density,
            *({"prior_latent"} & self.needed if self.prior else ()),
            *({"decoder_norm"} & self.needed),
            *(self.learned.names if self.learned else ()),
        }

    @property
    def _has_density(self) -> bool:
        """Whether the codes of an image have a density that is held against the prior."""
        return self.prior is not None and self.bottleneck.probabilistic

    @property
    def keeps_resolution(self) -> bool:
        """Whether a code is a grid of features with as many numbers as the image, or more, each of any value."""
        code, image = self.decoder.input.shape[1:], self.decoder.output.shape[1:]
        return not self.bottleneck.has_entries and len(code) == len(image) and math.prod(code) >= math.prod(image)

    def call(self, images: tf.Tensor, seeds: tf.Tensor | None = None, training: bool = False) -> Outputs:
        """Encode and decode a batch.

        Args:
            images: float32 [N, h, w, c] in [0, 1], as the corruption leaves them.
            seeds: uint32 [N, 2] for a bottleneck that draws; None takes its most likely code.
            training: whether layers such as Dropout behave as in training.

        Returns:
            `reconstruction` [N, H, W, C], in [0, 1] unless the decoder is linear, `latent` [N, …], and the
            parameters of the bottleneck.
        """
        parameters = self.parameters(images, training=training)
        latent = (self.bottleneck.training_sample if training else self.bottleneck.sample)(parameters, seeds)
        return {**parameters, "latent": latent, "reconstruction": _float32(self.decoder(latent, training=training))}

    def density(self) -> Density | None:
        """The density of the prior for one batch, with what its codes share computed once; None without a prior."""
        return self.prior.density(self.encoder) if self.prior is not None and self._has_density else None

    def draw(
        self,
        images: tf.Tensor,
        seeds: tf.Tensor,
        samples: int = 0,
        *,
        training: bool = False,
        density: Density | None = None,
    ) -> Outputs:
        """The outputs of a call, and what loss terms may need besides, but for the divergence from the prior.

        Args:
            images: as of a call.
            seeds: uint32 [N, 2].
            samples: how many codes of each image to draw and decode, for a bottleneck with a prior; 0 for the one of
                a call.
            training: whether layers such as Dropout behave as in training.
            density: of the prior, where the batch has computed it for all its images.

        Returns:
            The outputs of a call, penalties of the bottleneck and numbers that are learned, each [N], and with K
            samples `latents` [N, K, …], `reconstructions` [N, K, H, W, C], `log_prior` and `log_posterior` [N, K];
            `latent` and `reconstruction` are then those of the first sample. Two more have the values of
            `log_posterior` and 0, and gradients of their own: `log_posterior_of_latents` holds the parameters of the
            bottleneck, and a gradient g by `path_scale` [N, K] multiplies what flows back through each code by 1 + g.
        """
        if samples:
            outputs = self._samples(images, seeds, samples, training, density or self.density())
        else:
            outputs = self(images, seeds=seeds, training=training)
        outputs = {**outputs, **self.bottleneck.penalties(outputs)}
        learned = {} if self.learned is None else self.learned(tf.shape(images)[0])
        return {**outputs, **learned, **self._needed_of(seeds, outputs["latent"])}

    def with_kl(self, outputs: Outputs, density: Density | None = None) -> Outputs:
        """The outputs of `draw`, and where there is a prior the divergence from it, in nats.

        Returns:
            With a prior also `kl` [N], and `kl_per_dimension` [N, …] where it is a sum over dimensions.
        """
        if self.prior is None or (density := density or self.density()) is None:
            return outputs
        log_posterior = self.bottleneck.log_prob(outputs, outputs["latent"])
        parts = self.prior.kl_per_dimension(outputs)
        of_dimensions = {} if parts is None else {"kl_per_dimension": parts}
        return {**outputs, "kl": density.kl(outputs, outputs["latent"], log_posterior), **of_dimensions}

    def with_networks(self, encoder: keras.Model, decoder: keras.Model) -> "Autoencoder":
        """The same bottleneck and prior between other networks."""
        return Autoencoder(encoder, self.bottleneck, decoder, self.prior, self.learned, self.needed)

    def functional(self) -> keras.Model:
        """The same weights as one functional model of stock layers, images to outputs, drawing nothing."""
        parameters = {name: _float32(values) for name, values in self.encoder.output.items()}
        latent = self.bottleneck.sample(parameters, None)
        outputs = {**parameters, "latent": latent, "reconstruction": _float32(self.decoder(latent))}
        return keras.Model(self.encoder.inputs[0], outputs, name="autoencoder")

    def parameters(self, images: tf.Tensor, *, training: bool = False) -> Mapping[str, tf.Tensor]:
        """What the encoder gives for images [N, h, w, c]: the parameters of the bottleneck, each float32 [N, …]."""
        return {name: _float32(values) for name, values in self.encoder(images, training=training).items()}

    def _needed_of(self, seeds: tf.Tensor, latent: tf.Tensor) -> Outputs:
        """`prior_latent`, codes [N, …] drawn from the prior, and `decoder_norm` [N], half its squared weights."""
        outputs = {}
        if self.prior is not None and "prior_latent" in self.needed:
            outputs["prior_latent"] = self.prior.sample(fold_in(seeds, PRIOR_STREAM), tuple(latent.shape[1:]))
        if "decoder_norm" in self.needed:
            kernels = [each for each in self.decoder.trainable_variables if len(each.shape) > 1]
            norm = tf.add_n([tf.nn.l2_loss(tf.convert_to_tensor(each)) for each in kernels])
            outputs["decoder_norm"] = tf.fill([tf.shape(latent)[0]], norm)
        return outputs

    def _samples(
        self, images: tf.Tensor, seeds: tf.Tensor, samples: int, training: bool, density: Density | None
    ) -> Outputs:
        assert density is not None  # the objective has been checked against `output_names`
        parameters = self.parameters(images, training=training)
        repeated = {name: tf.repeat(values, samples, 0) for name, values in parameters.items()}
        sample = self.bottleneck.training_sample if training else self.bottleneck.sample
        drawn_latents = sample(repeated, tf.reshape(fold_in_each(seeds, samples), [-1, 2]))
        latents, path_scale = _with_path_scale(drawn_latents)
        held = tf.nest.map_structure(tf.stop_gradient, repeated)
        drawn = {
            "latents": latents,
            "reconstructions": _float32(self.decoder(latents, training=training)),
            "log_prior": density.log_prob(latents),
            "log_posterior": self.bottleneck.log_prob(repeated, latents),
            "log_posterior_of_latents": self.bottleneck.log_prob(held, latents),
            "path_scale": path_scale,
        }
        drawn = {name: tf.reshape(values, [-1, samples, *values.shape[1:]]) for name, values in drawn.items()}
        first = {"latent": drawn["latents"][:, 0], "reconstruction": drawn["reconstructions"][:, 0]}
        return {**parameters, **first, **drawn}


def _check_fit(bottleneck: Bottleneck, prior: Prior | None, is_drawn: bool) -> None:
    if prior is None or (prior.is_standard_normal and not bottleneck.probabilistic):
        return
    if not bottleneck.probabilistic and not is_drawn:
        raise ConfigError(
            f"model.prior: the codes of {type(bottleneck).__name__} have no density that {type(prior).__name__} could "
            "be held against; choose model/bottleneck=gaussian with the loss term kl, model/prior=standard_normal, "
            "or the loss term mmd, which needs none."
        )
    if bottleneck.support != prior.support:
        codes = {"real": "real numbers", "sphere": "points of the unit sphere", "categories": "one-hot categories"}
        raise ConfigError(
            f"model.prior: {type(prior).__name__} is of {codes.get(prior.support, prior.support)}, and the codes of "
            f"{type(bottleneck).__name__} are {codes.get(bottleneck.support, bottleneck.support)}; choose "
            f"model/prior={FITTING.get(bottleneck.support, '…')}."
        )


@tf.custom_gradient
def _with_path_scale(latents: tf.Tensor) -> tuple[tuple[tf.Tensor, tf.Tensor], Callable[..., tf.Tensor]]:
    """Codes [M, …] as they are, and zeros [M] of which a gradient g multiplies that of each code by 1 + g."""

    def backward(of_latents: tf.Tensor, of_scale: tf.Tensor) -> tf.Tensor:
        return of_latents * tf.reshape(1 + of_scale, [-1] + [1] * (latents.shape.rank - 1))

    return (tf.identity(latents), tf.zeros(tf.shape(latents)[:1])), backward


FITTING = {"real": "standard_normal", "sphere": "uniform_sphere", "categories": "uniform_categories"}
"""A prior for codes of each support."""


def _float32(values: tf.Tensor) -> tf.Tensor:
    """What layers in lower precision give is float32 outside of them."""
    return values if values.dtype == "float32" else keras.ops.cast(values, "float32")
