import type { Command } from "commander";

const GATEWAY_FILE = "gateway.yaml";

/** Value of the flag of every command of the gateway. */
export interface GatewayFileFlag {
  readonly config?: string;
}

/** No default of commander's: that of the group would win over what its command was given. */
export function withGatewayFile(command: Command): Command {
  return command.option("-c, --config <file>", `gateway file (default: ${GATEWAY_FILE})`);
}

export function gatewayFile({ config }: GatewayFileFlag): string {
  return config ?? GATEWAY_FILE;
}
