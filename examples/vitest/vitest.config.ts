import { defineConfig } from "vitest/config";

export default defineConfig({
  test: { reporters: ["default", ["agentctl/vitest/reporter", { suite: "vitest" }]] },
});
