import type { GatewayConfig } from "../../src/config/gateway/gateway-schema.js";
import { type RunningGateway, serveGateway } from "../../src/gateway/serve-gateway.js";
import { answerCalls } from "./child-calls.js";
import { type Moment, ToldClock } from "./simulated-time.js";

/** `agentctl gateway` with a simulated clock. */
const clock = new ToldClock();
let gateway: RunningGateway | null = null;

answerCalls({
  open: async (place: {
    readonly config: GatewayConfig;
    readonly file: string;
    readonly token: string;
    readonly moment: Moment;
  }) => {
    clock.tell(place.moment);
    gateway = await serveGateway({
      config: place.config,
      file: place.file,
      secrets: { armKeys: { stable: null, canary: null }, tls: null, controlToken: place.token },
      clock,
      onNotice: () => {},
    });
  },
  clock: (moment: Moment) => clock.tell(moment),
  close: async () => {
    await gateway?.close(0);
    gateway = null;
  },
});
