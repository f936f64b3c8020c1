from __future__ import annotations

import asyncio

from shadowtap.send.rotation import Rotation


class Thing:
    def __init__(self) -> None:
        self.closed = 0

    async def aclose(self) -> None:
        self.closed += 1


def test_all_share_one_thing() -> None:
    async def main() -> None:
        rotation = Rotation(Thing)
        first, second = rotation.enter(), rotation.enter()
        assert first.thing is second.thing
        await rotation.leave(first, spoilt=False)
        await rotation.leave(second, spoilt=False)
        assert not first.thing.closed
        assert rotation.enter().thing is first.thing

    asyncio.run(main())


def test_a_spoilt_thing_is_replaced_and_closed_after_its_last_user() -> None:
    async def main() -> None:
        rotation = Rotation(Thing)
        first, second = rotation.enter(), rotation.enter()
        await rotation.leave(first, spoilt=True)
        assert rotation.enter().thing is not first.thing
        assert not first.thing.closed
        await rotation.leave(second, spoilt=False)
        assert first.thing.closed == 1

    asyncio.run(main())


def test_a_thing_that_is_spoilt_twice_is_replaced_once() -> None:
    async def main() -> None:
        rotation = Rotation(Thing)
        first, second = rotation.enter(), rotation.enter()
        await rotation.leave(first, spoilt=True)
        third = rotation.enter()
        await rotation.leave(second, spoilt=True)
        assert first.thing.closed == 1
        assert rotation.enter().thing is third.thing

    asyncio.run(main())


def test_to_close_it_closes_the_present_thing() -> None:
    async def main() -> None:
        rotation = Rotation(Thing)
        shared = rotation.enter()
        await rotation.aclose()
        assert shared.thing.closed == 1

    asyncio.run(main())
