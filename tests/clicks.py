"""What a person does on the page and sees there, for browser tests."""

import facesearch
from facesearch.attributes import LABELS


def shown(page):
    page.wait_for_selector(".fs-gallery[aria-busy=false]")
    return page.eval_on_selector_all(".fs-tile", "tiles => tiles.map(t => t.dataset.name)")


def expected(bundle, wanted=(), unwanted=(), k=24):
    return [hit.name for hit in bundle.search(facesearch.Query(wanted, unwanted), k)]


def tick(page, name):
    page.get_by_role("checkbox", name=LABELS[name], exact=True).check()


def exclude(page, name):
    page.get_by_role("button", name=f"Without {LABELS[name]}", exact=True).click()
