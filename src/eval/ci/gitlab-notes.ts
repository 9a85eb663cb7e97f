import { z } from "zod";
import { CodeHostError } from "../../core/errors.js";
import { allPages } from "./all-pages.js";
import type { CodeHost, HostComment } from "./code-host.js";
import { type HostConnection, hostRequest } from "./host-request.js";

const note = z.object({ id: z.int(), body: z.string(), author: z.object({ id: z.int() }) });

/**
 * Notes of a merge request on GitLab.
 *
 * @param project - id or path
 * @param mergeRequest - its number within the project
 */
export function gitlabNotes(apiUrl: string, token: string, project: string, mergeRequest: number): CodeHost {
  const connection: HostConnection = { apiUrl, token, headers: { "private-token": token } };
  const notes = `/projects/${encodeURIComponent(project)}/merge_requests/${mergeRequest}/notes`;
  return {
    place: `merge request ${mergeRequest} of project ${project}`,
    async find(mark) {
      const self = z.object({ id: z.int() }).safeParse(await hostRequest(connection, "GET", "/user"));
      if (!self.success) throw new CodeHostError("expected a user of GitLab, found something else");
      const pages = (page: number) =>
        hostRequest(connection, "GET", `${notes}?sort=asc&per_page=100&page=${page}`);
      for await (const one of allPages(pages)) {
        const found = note.safeParse(one);
        if (found.success && found.data.author.id === self.data.id && found.data.body.startsWith(mark)) {
          return noteOf(one);
        }
      }
      return null;
    },
    create: async (body) => noteOf(await hostRequest(connection, "POST", notes, { body })),
    update: async (id, body) => noteOf(await hostRequest(connection, "PUT", `${notes}/${id}`, { body })),
  };
}

function noteOf(value: unknown): HostComment {
  const found = note.safeParse(value);
  if (!found.success) throw new CodeHostError("expected a note of GitLab, found something else");
  return { id: String(found.data.id), url: null };
}
