import type { TrafficRouter } from "../router.js";
import { sendIds } from "./arm-servers.js";
import { describeEventLines, type EventLineAbilities } from "./event-lines.js";
import type { ProxyBench } from "./proxy-bench.js";
import { type ContractAbilities, describeRouterContract } from "./router-contract.js";

/** The router of a proxy that agentctl renders the configuration of. */
interface ProxyRouter {
  open(): Promise<ProxyBench>;
  routerOf(bench: ProxyBench): TrafficRouter;
  /** Changes the share behind the router's back. */
  editByHand(bench: ProxyBench, bps: number): Promise<void>;
  readonly abilities: ContractAbilities & EventLineAbilities;
}

/** What the routers of all proxies keep to: the contract, and the lines of live events. */
export function describeProxyRouter(
  name: string,
  { open, routerOf, editByHand, abilities }: ProxyRouter,
): void {
  describeRouterContract(
    name,
    async () => {
      const bench = await open();
      return {
        router: routerOf(bench),
        sendThrough: (ids) => sendIds(bench.url, ids),
        editByHand: (bps) => editByHand(bench, bps),
        restart: async () => {
          await bench.kill();
          await bench.start();
        },
        breakDown: bench.kill,
        close: bench.close,
      };
    },
    abilities,
  );
  describeEventLines(
    name,
    async () => {
      const bench = await open();
      return { bench, router: routerOf(bench) };
    },
    abilities,
  );
}
