import { timingSafeEqual } from "node:crypto";
import { isIP } from "node:net";

/** Names of this machine that no other one can be reached by. */
const LOOPBACK = ["127.0.0.1", "localhost", "[::1]"];

/** Whether only this machine reaches what listens on an address. */
export function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || /^127(\.\d{1,3}){3}$/.test(host);
}

/** An address as it stands in a URL: IPv6 in brackets. */
export function hostInUrl(host: string): string {
  return isIP(host) === 6 ? `[${host}]` : host;
}

/**
 * Whether a request names this server. A page of another name whose owner points that name at this machine (DNS rebinding)
 * sends its own name; an address stands for itself and cannot be pointed anywhere.
 *
 * @param header - `Host` of the request
 * @param bound - address that the server listens on
 */
export function isOwnHost(header: string | undefined, bound: string, port: number): boolean {
  if (header === undefined) return false;
  const match = /^(\[[0-9a-f:.]+\]|[^:]+)(?::(\d+))?$/i.exec(header);
  if (match === null || Number(match[2] ?? 80) !== port) return false;
  const name = (match[1] ?? "").toLowerCase();
  if (LOOPBACK.includes(name) || name === hostInUrl(bound).toLowerCase()) return true;
  return !isLoopback(bound) && isIP(name.replace(/^\[|\]$/g, "")) !== 0;
}

/** The headers of a request that say which page sent it. */
export interface SenderHeaders {
  readonly host?: string | undefined;
  readonly origin?: string | undefined;
  readonly "sec-fetch-site"?: string | string[] | undefined;
}

/** Whether no other site's page sent a request. Programs that are no browser send neither header. */
export function isFromOwnPage({ host, origin, "sec-fetch-site": site }: SenderHeaders): boolean {
  if (origin !== undefined && origin.toLowerCase() !== `http://${host?.toLowerCase()}`) return false;
  return site === undefined || site === "same-origin" || site === "none";
}

/** Compares two secrets without telling by the time how much of them is alike. */
export function isSameSecret(given: string, wanted: string): boolean {
  const [left, right] = [Buffer.from(given), Buffer.from(wanted)];
  return left.length === right.length && timingSafeEqual(left, right);
}

/** Value of a cookie; empty when there is none. A value that is no percent-encoding is taken as none. */
export function cookieOf(header: string | undefined, name: string): string {
  for (const part of (header ?? "").split(";")) {
    const equals = part.indexOf("=");
    if (equals < 0 || part.slice(0, equals).trim() !== name) continue;
    try {
      return decodeURIComponent(part.slice(equals + 1).trim());
    } catch {
      return "";
    }
  }
  return "";
}
