import { bareSubject } from "../src/judge/bare-subject.js";
import { label, projectWith, vote } from "./calibration-project.js";

/** A project with two imported judges: `pairs` saw both orders, `grades` voted twice and two people graded. */
export function calibrationSamples(): string {
  const items = Array.from({ length: 12 }, (_, index) => ({ index, item: `item ${index}` }));
  return projectWith((store) => {
    store.addItems(
      items.map(({ index, item }) =>
        bareSubject({
          item: `pair ${item}`,
          question: "Which is better?",
          answer: "long answer",
          otherAnswer: "short",
          slices: { risk: index % 2 === 0 ? "high" : "low" },
        }),
      ),
    );
    store.addItems(items.map(({ index, item }) => bareSubject({ item, answer: "x".repeat(index + 1) })));
    for (const { index, item } of items) {
      const pair = { rubric: "pairs", item: `pair ${item}` };
      const value = index % 2 === 0 ? "A" : "B";
      store.addLabels([label({ ...pair, value, comment: "because" })]);
      store.addVerdicts([
        vote({ judge: "pairs", ...pair, value: index < 4 ? "A" : value }),
        vote({ judge: "pairs", ...pair, value, order: "swapped" }),
      ]);
      const grade = { rubric: "grades", item };
      const truth = String((index % 3) + 1);
      store.addLabels([
        label({ ...grade, value: truth }),
        label({ ...grade, value: index === 0 ? "2" : truth, author: "bob" }),
      ]);
      const judged = index === 5 ? "1" : truth;
      store.addVerdicts(
        [0, 1].map((number) => vote({ judge: "grades", ...grade, value: judged, vote: number })),
      );
    }
  });
}
