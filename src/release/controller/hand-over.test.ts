import { expect, it } from "vitest";
import { SimulatedWorld } from "./testing/simulated-world.js";

it("Given a controller that died before it handed over, When the router's lease ran out, Then the next one hands over", async () => {
  const world = new SimulatedWorld();
  let stable = "old";
  const promote = async () => {
    stable = "new";
    world.router.change(0);
  };
  const dying = async () => {
    throw new Error("killed");
  };
  const first = world.controller("one", {
    ...world.ports,
    router: Object.assign(world.router, { promote: dying }),
  });
  await expect(world.run(first)).rejects.toThrow("killed");
  expect(world.state).toBe("WATCHING");
  world.router.change(0);
  world.letLeaseExpire();
  Object.assign(world.router, { promote });
  expect(await world.run(world.controller("two"))).toBe("SUCCEEDED");
  expect(stable).toBe("new");
});
