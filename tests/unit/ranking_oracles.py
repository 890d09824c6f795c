"""Two independent ways to the posterior of the ranking model, slow and simple.

For one stratum a dense grid over τ, α and x = α + θ; for several a random-walk Metropolis sampler
with many chains. Neither shares a line with the code under test.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def pooled_logit(trials: Array, successes: Array) -> float:
    """Return logit((Σy + ½)/(Σn + 1))."""
    p = (successes.sum() + 0.5) / (trials.sum() + 1)
    return float(np.log(p / (1 - p)))


def dense(trials: Array, successes: Array, shares: list[float]) -> tuple[Array, Array, float]:
    """Return mean rates, their quantiles (institutions, shares) and the mean of τ: one stratum."""
    middle = pooled_logit(trials, successes)
    x = middle + np.linspace(-13, 13, 1301)
    level = middle + np.linspace(-8, 8, 161)
    log = successes[:, None] * x - trials[:, None] * np.logaddexp(0, x)
    likelihood = np.exp(log - log.max(axis=1, keepdims=True))
    taus = (np.arange(160) + 0.5) * 6.5 / 160
    logs, parts = [], []
    for tau in taus:
        kernel = np.exp(-((x - level[:, None]) ** 2) / (2 * tau**2))
        kernel /= kernel.sum(axis=1, keepdims=True)
        evidence = np.maximum(kernel @ likelihood.T, 1e-300)
        logw = np.log(evidence).sum(axis=1) - (level - middle) ** 2 / 4.5 - tau**2 / 2
        logs.append(logw.max())
        weight = np.exp(logw - logw.max())
        parts.append((weight.sum(), likelihood * ((weight[:, None] / evidence).T @ kernel)))
    scale = np.exp(np.array(logs) - max(logs))
    mass = np.array([part[0] for part in parts]) * scale
    density = sum(s * part[1] for s, part in zip(scale, parts, strict=True)) / mass.sum()
    below = np.cumsum(density, axis=1) - density / 2
    rate = 1 / (1 + np.exp(-x))
    quantiles = np.array([np.interp(shares, row, rate) for row in below])
    return density @ rate, quantiles, float((mass * taus).sum() / mass.sum())


@dataclass
class Chains:
    """States of many chains: α (chains, strata), θ (chains, institutions), τ (chains,)."""

    level: Array
    effect: Array
    tau: Array


class Metropolis:
    """A random-walk sampler of the model with ω = 0; counts (institutions, strata)."""

    def __init__(self, trials: Array, successes: Array, chains: int, seed: int) -> None:
        """Start all chains near the pooled rate."""
        self.n, self.y = trials, successes
        self.random = np.random.default_rng(seed)
        self.middle = pooled_logit(trials, successes)
        institutions, strata = trials.shape
        self.at = Chains(
            self.middle + self.random.normal(0, 0.3, (chains, strata)),
            self.random.normal(0, 0.3, (chains, institutions)),
            self.random.uniform(0.2, 1.0, chains),
        )

    def draws(self, kept: int, burn: int, thin: int = 4) -> Chains:
        """Return the states of every ``thin``-th step after ``burn`` steps, stacked."""
        states: list[Chains] = []
        for step in range(burn + kept * thin):
            self._step()
            if step >= burn and step % thin == 0:
                states.append(Chains(self.at.level, self.at.effect, self.at.tau))
        return Chains(
            np.concatenate([state.level for state in states]),
            np.concatenate([state.effect for state in states]),
            np.concatenate([state.tau for state in states]),
        )

    def _likelihood(self, level: Array, effect: Array) -> Array:
        x = level[:, None, :] + effect[:, :, None]
        return np.asarray(self.y * x - self.n * np.logaddexp(0, x))

    def _accept(self, gain: Array) -> NDArray[np.bool_]:
        return np.asarray(np.log(self.random.random(gain.shape)) < gain)

    def _step(self) -> None:
        self._move_effects()
        self._move_levels()
        self._slide()
        self._move_tau()

    def _move_effects(self) -> None:
        at, size = self.at, self._sizes(axis=1)
        new = at.effect + size * self.random.normal(size=at.effect.shape)
        gain = (self._likelihood(at.level, new) - self._likelihood(at.level, at.effect)).sum(axis=2)
        gain -= (new**2 - at.effect**2) / (2 * at.tau[:, None] ** 2)
        self.at = Chains(at.level, np.where(self._accept(gain), new, at.effect), at.tau)

    def _move_levels(self) -> None:
        at, size = self.at, self._sizes(axis=0)
        new = at.level + size * self.random.normal(size=at.level.shape)
        gain = (self._likelihood(new, at.effect) - self._likelihood(at.level, at.effect)).sum(
            axis=1
        )
        gain -= ((new - self.middle) ** 2 - (at.level - self.middle) ** 2) / 4.5
        self.at = Chains(np.where(self._accept(gain), new, at.level), at.effect, at.tau)

    def _slide(self) -> None:
        """Move levels and effects against each other, which leaves the likelihood as it is."""
        at = self.at
        by = self.random.normal(0, 0.35, len(at.tau))
        level, effect = at.level + by[:, None], at.effect - by[:, None]
        gain = -((level - self.middle) ** 2 - (at.level - self.middle) ** 2).sum(axis=1) / 4.5
        gain -= (effect**2 - at.effect**2).sum(axis=1) / (2 * at.tau**2)
        ok = self._accept(gain)[:, None]
        self.at = Chains(np.where(ok, level, at.level), np.where(ok, effect, at.effect), at.tau)

    def _move_tau(self) -> None:
        at = self.at
        new = at.tau * np.exp(self.random.normal(0, 0.5, len(at.tau)))
        square, count = (at.effect**2).sum(axis=1), at.effect.shape[1]

        def log(tau: Array) -> Array:
            return np.asarray(-(tau**2) / 2 - (count - 1) * np.log(tau) - square / (2 * tau**2))

        tau = np.where(self._accept(log(new) - log(at.tau)), new, at.tau)
        scale = np.exp(self.random.normal(0, 0.2, len(tau)))
        effect = at.effect * scale[:, None]
        gain = self._likelihood(at.level, effect) - self._likelihood(at.level, at.effect)
        total = gain.sum(axis=(1, 2)) - ((tau * scale) ** 2 - tau**2) / 2 + np.log(scale)
        ok = self._accept(total)
        self.at = Chains(
            at.level, np.where(ok[:, None], effect, at.effect), np.where(ok, tau * scale, tau)
        )

    def _sizes(self, axis: int) -> Array:
        """Return step sizes for the effects (axis 1) or levels (axis 0)."""
        worth = (self.n * 0.15).sum(axis=axis)
        return np.asarray(2.0 / np.sqrt(worth + (2.0 if axis else 0.5)))
