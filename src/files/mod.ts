/** Attached files that stand behind links: read from the stored messages. */
export {
  createFiles,
  type FilePlace,
  type Files,
  type FilesOptions,
  type OpenFile,
} from "./open.ts";
