/**
 * Rewards of 200 recorded conversations of gpt-4o with the airline of tau-bench: one text a task, one digit a
 * trial. Source: sierra-research/tau-bench (MIT), historical_trajectories/gpt-4o-airline.json.
 */
export const AIRLINE_REWARDS: readonly string[] = (
  "0000 0100 0100 0000 0000 0100 1000 0010 0000 0000 0000 1000 1111 0110 0000 0011 0001 0001 1111 0000 1111 0111 " +
  "0000 0000 1111 0000 1010 0110 0000 1000 0101 1001 0000 0000 1101 1111 1111 0111 1111 1000 1101 0101 1111 1000 " +
  "1010 1001 0110 0100 1111 1111"
).split(" ");
