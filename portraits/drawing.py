"""One portrait, from back to front."""

from portraits.backdrop import draw_backdrop
from portraits.beard import draw_beard, draw_stubble
from portraits.body import draw_body
from portraits.canvas import Canvas
from portraits.eyes import draw_brows, draw_eyes
from portraits.face import measure
from portraits.hair import draw_hair_before, draw_hair_behind
from portraits.head import draw_ears, draw_head
from portraits.mouth import draw_mouth
from portraits.nose import draw_nose
from portraits.traits import Traits
from portraits.worn import draw_earrings, draw_glasses, draw_hat, draw_necklace, shade_hat

BLUR = 2.7  # of a blurry picture, in its 256ths


def draw(traits: Traits) -> str:
    """The SVG of a person, 256 units square."""
    canvas, face = Canvas(), measure(traits)
    size = 1.01 + traits.size * 0.09
    place = (
        f"translate({(traits.place - 0.5) * 7:.2f} 0) translate(128 259) scale({size:.3f}) "
        "translate(-128 -259)"
    )
    tilt = f"rotate({(traits.tilt - 0.5) * 7:.2f} 128 205)"
    below_hat = "M-40 78H296V300H-40Z" if traits.has("Wearing_Hat") else ""
    with canvas.group(blur=BLUR if traits.has("Blurry") else 0):
        draw_backdrop(canvas, face)
        with canvas.group(transform=place):
            with canvas.group(transform=tilt, clip=below_hat):
                draw_hair_behind(canvas, face)
            draw_body(canvas, face)
            if traits.has("Wearing_Necklace"):
                draw_necklace(canvas, face)
            with canvas.group(transform=tilt):
                draw_ears(canvas, face)
                draw_head(canvas, face)
                if traits.has("5_o_Clock_Shadow"):
                    draw_stubble(canvas, face)
                draw_eyes(canvas, face)
                draw_nose(canvas, face)
                draw_mouth(canvas, face)
                draw_beard(canvas, face)
                draw_brows(canvas, face)
                if traits.has("Eyeglasses"):
                    draw_glasses(canvas, face)
                with canvas.group(clip=below_hat):
                    draw_hair_before(canvas, face)
                if traits.has("Wearing_Hat"):
                    shade_hat(canvas, face)
                    with canvas.group(transform="translate(0 18) scale(1 0.86)"):
                        draw_hat(canvas, face)
                if traits.has("Wearing_Earrings"):
                    draw_earrings(canvas, face)
    return canvas.svg
