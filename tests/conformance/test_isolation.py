"""What happens on one leg does not show on the other."""

from __future__ import annotations

import hashlib
import http.client
import json
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.conformance.conftest import CONNECTIONS, Stage
from tests.conformance.primary import copies, fields, fresh, the_copy


def test_the_client_sees_the_primarys_answer_and_nothing_of_the_shadow(stage: Stage, mark: str) -> None:
    reply = stage.primary.get(f"/echo/main/{mark}")
    the_copy(stage.main, mark)
    assert (reply.status, reply.header("X-Primary")) == (200, "v1")
    assert not [name for name, _ in reply.headers if name.lower().startswith("x-shadow")]


def test_an_unusual_status_of_the_app_stays(stage: Stage, mark: str) -> None:
    reply = stage.primary.get(f"/teapot/main/{mark}")
    assert (reply.status, reply.body) == (418, b"short and stout")
    the_copy(stage.main, mark)


def test_an_error_of_the_shadow_stays_with_the_shadow(stage: Stage, mark: str) -> None:
    with stage.primary.counted("error") as counted:
        assert stage.primary.get(f"/echo/error/{mark}").status == 200
    assert counted == {"answered": 1}


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
def test_a_request_is_copied_once_with_its_method_path_and_query(
    stage: Stage, mark: str, method: str
) -> None:
    target = f"/echo/main/{mark}?page=2&sort=price&sort=name&empty="
    assert stage.primary.send(method, target).status == 200
    copy = the_copy(stage.main, mark)
    assert (copy.method, copy.target.decode()) == (method, target)


def test_a_body_without_personal_data_is_the_same_on_both_legs(stage: Stage, mark: str) -> None:
    body = {"sku": "TEA-050", "quantities": list(range(200)), "unit": "g"}
    seen = stage.primary.post_json(f"/echo/main/{mark}", body).json()
    copy = the_copy(stage.main, mark)
    assert json.loads(copy.body) == body
    assert (seen["size"], seen["digest"]) == (len(copy.body), hashlib.sha256(copy.body).hexdigest())


def test_a_redacted_body_has_its_own_length_and_the_app_gets_the_old_one(stage: Stage, mark: str) -> None:
    body = json.dumps({"email": "a@b.example", "name": "Ada Lovelace"}).encode()
    kind = [("Content-Type", "application/json")]
    seen = stage.primary.send("POST", f"/echo/main/{mark}", headers=kind, body=body).json()
    copy = the_copy(stage.main, mark)
    assert (seen["size"], seen["digest"]) == (len(body), hashlib.sha256(body).hexdigest())
    assert ["Content-Length", str(len(body))] in [[n.title(), v] for n, v in seen["headers"]]
    assert len(copy.body) != len(body)
    assert copy.header("Content-Length") == str(len(copy.body)).encode()


def test_headers_set_for_the_copy_do_not_show_in_the_app(stage: Stage, mark: str) -> None:
    sent = [("X-Changed", "client"), ("X-Kept", "kept")]
    seen = dict(stage.primary.get(f"/echo/mutated/{mark}", headers=sent).json()["headers"])
    seen = {name.lower(): value for name, value in seen.items()}
    copied = dict(fields(the_copy(stage.main, mark)))
    assert (seen["x-changed"], seen["x-kept"]) == ("client", "kept")
    assert (copied["x-changed"], copied["x-kept"], copied["x-copy-side"]) == ("copy", "kept", "yes")
    assert not [name for name in seen if name.startswith(("x-shadow", "traceparent"))]


def test_headers_removed_from_the_copy_stay_for_the_app(stage: Stage, mark: str) -> None:
    sent = [("Authorization", "Bearer abc"), ("Cookie", "session=abc")]
    seen = dict(stage.primary.get(f"/echo/main/{mark}", headers=sent).json()["headers"])
    assert {name.lower(): value for name, value in seen.items()}.items() >= {
        "authorization": "Bearer abc",
        "cookie": "session=abc",
    }.items()
    assert not {"authorization", "cookie"} & dict(fields(the_copy(stage.main, mark))).keys()


def test_many_requests_at_once_each_arrive_once(stage: Stage) -> None:
    ids = [fresh() for _ in range(60)]
    with ThreadPoolExecutor(12) as pool:
        replies = list(pool.map(lambda one: stage.primary.get(f"/echo/main/{one}"), ids))
    stage.primary.settle()
    assert [reply.status for reply in replies] == [200] * len(ids)
    assert [len(copies(stage.main, one)) for one in ids] == [1] * len(ids)


def test_copies_of_many_clients_share_a_few_connections(stage: Stage) -> None:
    for _ in range(20):
        stage.primary.get(f"/echo/second/{fresh()}")
    stage.primary.settle()
    assert stage.shadows["second"].most_open <= CONNECTIONS


def test_two_requests_in_a_row_take_one_connection_to_the_shadow(stage: Stage) -> None:
    ids = [fresh(), fresh()]
    client = http.client.HTTPConnection(*stage.primary.address)
    for one in ids:
        stage.primary.get(f"/echo/third/{one}", connection=client)
        stage.primary.settle()
    client.close()
    first, second = (the_copy(stage.shadows["third"], one) for one in ids)
    assert first.connection == second.connection


def test_a_redirect_that_the_client_follows_makes_two_copies(stage: Stage, mark: str) -> None:
    reply = stage.primary.get(f"/folder/main/{mark}")
    assert reply.status == 308
    location = reply.header("Location") or ""
    assert stage.primary.get(location.partition(stage.primary.server.url)[2] or location).status == 200
    stage.primary.settle()
    arrived = sorted(copy.target for copy in copies(stage.main, mark))
    assert arrived == [f"/folder/main/{mark}".encode(), f"/folder/main/{mark}/".encode()]
