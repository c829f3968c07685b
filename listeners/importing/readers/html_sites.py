"""The structure of review sites without markup: the XPath of a review's block and of its fields inside it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from listeners.formats.times import Order


def _has(name: str) -> str:
    """An XPath condition: the element has this class."""
    return f"contains(concat(' ', normalize-space(@class), ' '), ' {name} ')"


@dataclass(frozen=True, slots=True)
class Site:
    """One site. `facts`: field -> XPath, of an element or of a text; `parts`: pieces that follow the text, heading ->
    XPath. `best`: the stars of a full score. `order`: how it writes 2/7/2017."""

    name: str
    source: str
    host: str
    block: str
    facts: Mapping[str, str]
    parts: Mapping[str, str] = field(default_factory=dict)
    kind: str = "review"
    best: int = 5
    order: Order = Order.SAID_BY_NONE


def _after(tag: str, heading: str) -> str:
    """The XPath of the element after a heading."""
    return f".//{tag}[normalize-space()='{heading}']/following-sibling::*[1]"


SITES = (
    Site(
        "Capterra reviews",
        "capterra",
        "https://www.capterra.com",
        f"//div[{_has('cell-review')}]",
        {
            "title": ".//h3/q",
            "author": f".//div[{_has('reviewer-details')}]/div[1]",
            "rating": f".//span[{_has('overall-rating')}]/span[@itemprop='ratingValue']",
            "text": f".//div[{_has('review-comments')}]/p",
            "published_at": f".//div[{_has('micro')} and {_has('color-gray')}]",
        },
    ),
    Site(
        "GetApp reviews",
        "getapp",
        "https://www.getapp.com",
        f"//div[{_has('review-card')} and @itemtype]",
        {
            "title": ".//h4",
            "author": ".//*[@itemprop='author']//*[@itemprop='name']",
            "author_url": f".//a[{_has('click-review-author-name')}]/@href",
            "rating": ".//meta[@itemprop='ratingValue']/@content",
            "text": ".//*[@itemprop='reviewBody']",
            "published_at": ".//meta[@itemprop='datePublished']/@content",
        },
        {"Pros": _after("p", "Pros"), "Cons": _after("p", "Cons")},
    ),
    Site(
        "Indeed reviews",
        "indeed",
        "https://www.indeed.com",
        f"//div[{_has('cmp-review-container')}]",
        {
            "title": f".//div[{_has('cmp-review-title')}]/span[@itemprop='name']",
            "author": f".//span[{_has('cmp-reviewer')}]",
            "rating": ".//meta[@itemprop='ratingValue']/@content",
            "text": ".//*[@itemprop='reviewBody']",
            "published_at": f".//span[{_has('cmp-review-date-created')}]",
            "native_id": ".//@data-tn-entityid",
            "brand": ".//*[@itemprop='itemReviewed']//*[@itemprop='name']/@content",
        },
        {
            "Pros": f".//div[{_has('cmp-review-pro-text')}]",
            "Cons": f".//div[{_has('cmp-review-con-text')}]",
        },
    ),
    Site(
        "Software Advice reviews",
        "software_advice",
        "https://www.softwareadvice.com",
        f"//div[{_has('review')}][.//*[{_has('reviewName')}]]",
        {
            "title": f".//*[{_has('reviewName')}]",
            "author": f".//*[{_has('reviewAuthor')}]",
            "rating": ".//meta[@name='ratingValue']/@content",
            "text": f".//*[{_has('reviewBody')}]",
            "published_at": f".//*[{_has('datePublished')}]/@content",
        },
        {
            "Pros": _after("h5", "Pros"),
            "Cons": _after("h5", "Cons"),
            "Advice to Others": _after("h5", "Advice to Others"),
        },
    ),
    Site(
        "Trustpilot reviews",
        "trustpilot",
        "https://www.trustpilot.com",
        "//div[@data-reviewmid]",
        {
            "native_id": "./@data-reviewmid",
            "author": f".//a[{_has('user-review-name-link')}]",
            "author_url": f".//a[{_has('user-review-name-link')}]/@href",
            "rating": f"substring-before(substring-after(.//div[{_has('star-rating')}]/@class, 'count-'), ' ')",
            "title": f".//a[{_has('review-title-link')}]",
            "text": f".//div[{_has('review-body')}]",
            "url": f".//a[{_has('review-title-link')}]/@href",
            "published_at": ".//time/@datetime",
        },
    ),
    Site(
        "TrustRadius reviews",
        "trustradius",
        "https://www.trustradius.com",
        f"//div[{_has('serp-row')}]",
        {
            "title": f".//*[{_has('summary')}]",
            "author": f".//a[{_has('fn')}]",
            "author_url": f".//a[{_has('fn')}]/@href",
            "rating": f".//span[{_has('rating-stars')}]/@title",
            "text": f".//*[{_has('followup')}]",
            "url": f".//div[{_has('read-more')}]/a/@href",
            "published_at": f".//span[{_has('rating-stars-text')}]/text()",
        },
        {
            "Pros": f".//a[contains(text(), ' Pros')]/following::*[{_has('response')}][1]",
            "Cons": f".//a[contains(text(), ' Cons')]/following::*[{_has('response')}][1]",
        },
        best=10,
        order=Order.MONTH,
    ),
    Site(
        "Quora answers",
        "quora",
        "https://www.quora.com",
        f"//div[{_has('feed_type_answer')}]",
        {
            "title": f".//*[{_has('question_text')}]",
            "author": f".//*[{_has('feed_item_answer_user')}]//a[{_has('user')}]",
            "author_url": f".//*[{_has('feed_item_answer_user')}]//a[{_has('user')}]/@href",
            "text": f".//*[{_has('answer_content')}]//*[{_has('rendered_qtext')}][.//p]",
            "url": f".//a[{_has('answer_permalink')}]/@href",
            "published_at": f".//a[{_has('answer_permalink')}]",
        },
        kind="comment",
    ),
)
HOSTS = {  # part of the host of a page with markup -> its source
    "amazon": "amazon",
    "capterra": "capterra",
    "g2": "g2",
    "getapp": "getapp",
    "indeed": "indeed",
    "softwareadvice": "software_advice",
    "tripadvisor": "tripadvisor",
    "trustpilot": "trustpilot",
    "trustradius": "trustradius",
    "yelp": "yelp",
}
