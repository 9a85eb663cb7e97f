import { expect, it } from "vitest";
import { findsNothing } from "./finds-nothing.js";

it.each([
  "[]",
  " [ ] ",
  '{"data":[]}',
  '{"object":"list","data":[],"has_more":false,"url":"/v1/refunds"}',
  '{"items":[],"total":0,"nextPageToken":null,"pageInfo":{"totalResults":0}}',
  '{"results":[],"count":0,"next":null,"previous":null}',
  '{"edges":[],"page_info":{}}',
])("an empty list is nothing: %s", (body) => {
  expect(findsNothing(body)).toBe(true);
});

it.each([
  "",
  "no JSON",
  "null",
  "0",
  "{}",
  '{"id":"b1","items":[]}',
  '{"data":[{"id":1}]}',
  '{"data":[],"refund":{"id":7}}',
  '{"data":{"id":7}}',
  '{"data":[],"items":[1]}',
  '{"status":"done","results":[]}',
  "[[]]",
])("anything else is not: %s", (body) => {
  expect(findsNothing(body)).toBe(false);
});
