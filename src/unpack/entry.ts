/** One thing in an archive, as its reader found it: nothing of it is checked yet. */
export type Entry = FileEntry | FolderEntry | LinkEntry | HardLinkEntry

interface Named {
  /** As the archive spells it. */
  readonly path: string
}

export interface FileEntry extends Named {
  readonly kind: 'file'
  /** Permissions, of which only those of reading, writing and executing count. */
  readonly mode: number
  /** How many bytes it says that it has. */
  readonly size: number
  readonly body: AsyncIterable<Uint8Array>
}

export interface FolderEntry extends Named {
  readonly kind: 'folder'
  readonly mode: number
}

/** A symbolic link. */
export interface LinkEntry extends Named {
  readonly kind: 'link'
  readonly target: string
}

/** Another name of a file that the archive holds. */
export interface HardLinkEntry extends Named {
  readonly kind: 'hard link'
  /** From the root of the archive. */
  readonly target: string
}
