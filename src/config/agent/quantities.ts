import { z } from "zod";

export const positiveInt = z.int().positive();

/** Longest time that a timer of Node can wait; a longer one would fire at once. */
export const MOST_MS = 2_147_483_647;
export const milliseconds = z.int().positive().max(MOST_MS);
