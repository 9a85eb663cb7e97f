/** Deletes a user of a planted project and prints the receipts; ends itself with SIGKILL at a point that is named. */
const [root = "", tenantId = "", userId, killAt = ""] = process.argv.slice(2);
// Apart from this file: the thread of an index loads the module that it stands in, and must not delete as well.
const { deleteUser, finishAll } = await import("./delete.js");
const done =
  userId === undefined ? await finishAll(root) : await deleteUser(root, { tenantId, userId }, killAt);
process.stdout.write(JSON.stringify(done));
