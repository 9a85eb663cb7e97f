import type { Annotation } from "./annotation.js";
import type { JobOutputs } from "./job-outputs.js";

/** What `agentctl ci comment` did. */
export interface CommentDocument {
  /** `none`: the job runs for no pull or merge request. */
  readonly action: "created" | "updated" | "none";
  /** e.g. `pull request 7 of octo/shop`. */
  readonly place: string | null;
  /** Page of the comment, where the host says it. */
  readonly url: string | null;
}

/** What the `ci` commands print with `--json`. */
export interface CiDocuments {
  readonly "ci-annotations": { readonly annotations: readonly Annotation[] };
  readonly "ci-outputs": JobOutputs;
  readonly "ci-comment": CommentDocument;
  readonly "ci-summary": {
    /** What a step summary shows. */
    readonly markdown: string;
  };
}
