/** What is no Python expression, or one that has no value here. */
export class NotPythonError extends Error {}
