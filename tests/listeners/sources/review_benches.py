"""Local servers that speak as the review sites do, one bench for each, so that one set of tests holds for all."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from types import MappingProxyType
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from listeners.sources.app_store.listener import AppStore
from listeners.sources.google_business import GoogleBusiness
from listeners.sources.google_play import GooglePlay
from listeners.sources.trustpilot import Trustpilot
from tests.listeners.servers.server import Answer, Request, Server

WORDS = ("ONE", "TWO", "THREE", "FOUR", "FIVE")


@dataclass(frozen=True)
class Said:
    """A review as the tests speak of it."""

    number: int
    at: datetime
    text: str = "The app crashes."
    stars: int = 2
    reply: str | None = None
    broken: bool = False  # without a time

    def with_(self, **facts: Any) -> Said:
        return replace(self, **facts)


def pem(key: Any) -> str:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode()


@cache
def elliptic() -> Any:
    return ec.generate_private_key(ec.SECP256R1())


@cache
def rivest() -> Any:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


class Bench:
    """A site with its reviews, newest first."""

    secrets: Mapping[str, str]
    options: Mapping[str, Any]
    token_path = "/token"
    page_size = 100
    repeats = False  # the pager gives the same mark for ever

    def __init__(self, server: Server) -> None:
        self.server = server
        self.reviews: list[Said] = []
        self.mark = "T1"  # the token that the site accepts
        self.granted: list[Request] = []
        server.answers[self.token_path] = self._grant
        server.answers[self.list_path] = self._guarded_list
        server.answers["*"] = self._guarded_other

    def _grant(self, request: Request) -> Answer:
        self.granted.append(request)
        return Answer({"access_token": self.mark, "expires_in": 3600})

    def is_known(self, request: Request) -> bool:
        return request.headers.get("authorization") == f"Bearer {self.mark}"

    def _guarded_list(self, request: Request) -> Answer:
        return self.listing(request) if self.is_known(request) else Answer({"error": "who?"}, 401)

    def _guarded_other(self, request: Request) -> Answer:
        return self.other(request) if self.is_known(request) else Answer({"error": "who?"}, 401)

    def shown(self) -> list[Said]:
        return sorted(self.reviews, key=lambda said: said.at, reverse=True)

    def page(self, number: int) -> tuple[list[dict[str, Any]], int | None]:
        """The page's reviews, and the number of the one after it."""
        start = (number - 1) * self.page_size
        items = [self.foreign(said) for said in self.shown()[start : start + self.page_size]]
        more = start + self.page_size < len(self.reviews)
        return items, 1 if self.repeats else number + 1 if more else None

    def own(self, number: int) -> Said | None:
        return next((said for said in self.reviews if said.number == number), None)

    def found_or_not(self, number: str) -> Answer:
        said = self.own(int(number))
        return Answer(self.foreign(said)) if said else Answer({"error": "gone"}, 404)


class TrustpilotBench(Bench):
    source = "trustpilot"
    secrets = MappingProxyType({"TRUSTPILOT_API_KEY": "key-s3cret", "TRUSTPILOT_API_SECRET": "s3cret"})
    options = MappingProxyType({"business_unit_ids": ["5f9c"], "business_user_id": "u1"})
    token_path = "/v1/oauth/oauth-business-users-for-applications/accesstoken"
    list_path = "/v1/private/business-units/5f9c/reviews"
    longest = "x" * 4_001

    def __init__(self, server: Server) -> None:
        super().__init__(server)
        self.deleted: list[tuple[str, str]] = []
        self.left: list[tuple[str, str]] = []  # consumers
        server.answers["/v1/reviews/deletions"] = server.answers["/v1/consumers/deletions"] = self._deletions

    def listener(self, web: Any) -> Any:
        return Trustpilot(self.server.url, web)

    def id(self, number: int) -> str:
        return f"trustpilot:{number:024x}"

    def foreign(self, said: Said) -> dict[str, Any]:
        return {
            "id": f"{said.number:024x}",
            "stars": said.stars,
            "title": None,
            "text": said.text,
            "language": "en",
            "createdAt": None if said.broken else said.at.strftime("%Y-%m-%dT%H:%M:%S"),
            "updatedAt": None,
            "numberOfLikes": 1,
            "status": "active",
            "consumer": {"id": f"c{said.number % 2}", "displayName": "A customer"},
            "referralEmail": "someone@example.com",
            "companyReply": {"text": said.reply, "createdAt": "2026-11-23T10:00:00"} if said.reply else None,
        }

    def listing(self, request: Request) -> Answer:
        items, _ = self.page(1 if self.repeats else int(request.query["page"]))
        return Answer({"links": [], "reviews": items})

    def other(self, request: Request) -> Answer:
        number = int(request.path.split("/")[4], 16)
        return Answer("", 201) if request.path.endswith("/reply") else self.found_or_not(str(number))

    def _deletions(self, request: Request) -> Answer:
        if request.headers.get("apikey") != "key-s3cret":
            return Answer({}, 401)
        since, start = request.query["startDate"], int(request.query.get("nextToken", 0))
        size = int(request.query["limit"])
        what, deleted = ("review", self.deleted) if "reviews" in request.path else ("consumer", self.left)
        found = [{f"{what}Id": own, "deletedAt": at} for own, at in deleted if at[:10] >= since]
        more = str(start + size) if start + size < len(found) else None
        return Answer({f"{what}s": found[start : start + size], "nextToken": more})


class GoogleBusinessBench(Bench):
    source = "google_business"
    secrets = MappingProxyType(
        {f"GOOGLE_BUSINESS_{name}": "s3cret" for name in ("CLIENT_ID", "CLIENT_SECRET", "REFRESH_TOKEN")}
    )
    options = MappingProxyType({"locations": ["accounts/1/locations/2"]})
    list_path = "/accounts/1/locations/2/reviews"
    page_size = 50
    longest = "ö" * 2_049

    def listener(self, web: Any) -> Any:
        return GoogleBusiness(self.server.url, f"{self.server.url}/token", web)

    def id(self, number: int) -> str:
        return f"google_business:2/R{number}"

    def foreign(self, said: Said) -> dict[str, Any]:
        told: dict[str, Any] = {
            "name": f"accounts/1/locations/2/reviews/R{said.number}",
            "reviewId": f"R{said.number}",
            "reviewer": {"displayName": "A guest"},
            "starRating": WORDS[said.stars - 1],
            "comment": said.text,
            "createTime": said.at.strftime("%Y-%m-%dT%H:%M:%S.123456789Z"),
            "updateTime": said.at.strftime("%Y-%m-%dT%H:%M:%S.123456789Z"),
        }
        if said.reply:
            told["reviewReply"] = {"comment": said.reply, "updateTime": "2026-11-23T10:00:00Z"}
        return {key: held for key, held in told.items() if not (said.broken and key == "createTime")}

    def listing(self, request: Request) -> Answer:
        assert request.query["orderBy"] == "updateTime desc"
        items, more = self.page(int(request.query.get("pageToken", "p1")[1:]))
        told = {"reviews": items, "totalReviewCount": len(self.reviews)} if items else {}
        return Answer(told | ({"nextPageToken": f"p{more}"} if more else {}))

    def other(self, request: Request) -> Answer:
        parts = request.path.split("/")
        return Answer({"comment": "ok"}) if parts[-1] == "reply" else self.found_or_not(parts[-1][1:])


class GooglePlayBench(Bench):
    source = "google_play"
    options = MappingProxyType({"apps": ["com.acme.app"]})
    list_path = "/androidpublisher/v3/applications/com.acme.app/reviews"
    longest = "x" * 351

    @property
    def secrets(self) -> dict[str, str]:
        key = {"client_email": "a@b.example", "private_key": pem(rivest()), "token_uri": f"{self.server.url}/token"}
        return {"GOOGLE_PLAY_SERVICE_ACCOUNT": json.dumps(key)}

    def listener(self, web: Any) -> Any:
        return GooglePlay(self.server.url, f"{self.server.url}/token", web)

    def id(self, number: int) -> str:
        return f"google_play:com.acme.app/gp:{number}"

    def foreign(self, said: Said) -> dict[str, Any]:
        seconds = str(int(said.at.timestamp()))
        user = {"text": said.text, "starRating": said.stars, "reviewerLanguage": "en", "thumbsUpCount": 1}
        user["lastModified"] = {} if said.broken else {"seconds": seconds, "nanos": 713000000}
        comments: list[dict[str, Any]] = [{"userComment": user}]
        if said.reply:
            comments.append({"developerComment": {"text": said.reply, "lastModified": {"seconds": "1795428000"}}})
        return {"reviewId": f"gp:{said.number}", "authorName": "A player", "comments": comments}

    def listing(self, request: Request) -> Answer:
        items, more = self.page(int(request.query.get("token", "p1")[1:]))
        told: dict[str, Any] = {"reviews": items} if items else {}
        return Answer(told | ({"tokenPagination": {"nextPageToken": f"p{more}"}} if more else {}))

    def other(self, request: Request) -> Answer:
        own = request.path.rsplit("/", 1)[1].replace("%3A", ":")
        if own.endswith(":reply"):
            return Answer({"result": {"replyText": "ok", "lastEdited": {"seconds": "1795428000"}}})
        return self.found_or_not(own.split(":")[1])


class AppStoreBench(Bench):
    source = "app_store"
    options = MappingProxyType({"apps": ["1234567890"]})
    list_path = "/v1/apps/1234567890/customerReviews"
    page_size = 200
    longest = "x" * 5_971

    @property
    def secrets(self) -> dict[str, str]:
        key = pem(elliptic()).replace("\n", "\\n")
        return {"APP_STORE_KEY_ID": "KID", "APP_STORE_ISSUER_ID": "issuer", "APP_STORE_PRIVATE_KEY": key}

    def listener(self, web: Any) -> Any:
        return AppStore(self.server.url, self.server.url, web)

    def is_known(self, request: Request) -> bool:
        return request.headers.get("authorization", "").count(".") == 2

    def id(self, number: int) -> str:
        return f"app_store:00000028-{number:012x}"

    def foreign(self, said: Said) -> dict[str, Any]:
        own = f"00000028-{said.number:012x}"
        told = {"rating": said.stars, "title": "Hm", "body": said.text, "reviewerNickname": "A", "territory": "USA"}
        told["createdDate"] = None if said.broken else said.at.isoformat()
        link = {"data": {"type": "customerReviewResponses", "id": f"r-{own}"} if said.reply else None}
        return {"type": "customerReviews", "id": own, "attributes": told, "relationships": {"response": link}}

    def response(self, said: Said) -> dict[str, Any]:
        told = {"responseBody": said.reply, "lastModifiedDate": "2026-11-23T02:00:00-08:00", "state": "PUBLISHED"}
        return {"type": "customerReviewResponses", "id": f"r-00000028-{said.number:012x}", "attributes": told}

    def listing(self, request: Request) -> Answer:
        number = int(request.query.get("cursor", "p1")[1:])
        items, more = self.page(number)
        shown = self.shown()[(number - 1) * self.page_size : number * self.page_size]
        beside = [self.response(said) for said in shown if said.reply]
        links = {"next": f"{self.server.url}{self.list_path}?cursor=p{more}&limit=200"} if more else {}
        return Answer({"data": items, "included": beside, "links": links})

    def other(self, request: Request) -> Answer:
        parts = request.path.split("/")
        if request.method == "POST":
            return Answer({"data": {"type": "customerReviewResponses", "id": "r1"}}, 201)
        said = self.own(int(parts[3].split("-")[1], 16))
        if said is None:
            return Answer({"errors": [{"status": "404"}]}, 404)
        if parts[-1] == "response":
            return Answer({"data": self.response(said) if said.reply else None})
        return Answer({"data": self.foreign(said)})


BENCHES = (TrustpilotBench, GoogleBusinessBench, GooglePlayBench, AppStoreBench)
