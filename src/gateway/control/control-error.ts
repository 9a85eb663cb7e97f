/** A call of an API of the gateway that is refused, with what its caller can do. Becomes the answer. */
export class ControlError extends Error {
  readonly status: number;
  /** Stable word, such as `version_conflict`. */
  readonly code: string;
  readonly nextStep: string;

  constructor(status: number, code: string, message: string, nextStep: string) {
    super(message);
    this.status = status;
    this.code = code;
    this.nextStep = nextStep;
  }
}
