import type { PickedFile } from './group-files.ts'

/** What a file field holds; of a folder field with the path below the folder that was picked. */
export function pickedFiles(list: FileList | null): PickedFile<File>[] {
  return [...(list ?? [])].map((file) => ({ path: file.webkitRelativePath || file.name, file }))
}

/** Everything that was dropped, folders to their depths. Must be called before the event is over. */
export async function droppedFiles(transfer: DataTransfer): Promise<PickedFile<File>[]> {
  const entries = [...transfer.items].flatMap((item) => item.webkitGetAsEntry() ?? [])
  const files: PickedFile<File>[] = []
  for (const entry of entries) await collect(entry, files)
  return files
}

async function collect(entry: FileSystemEntry, files: PickedFile<File>[]): Promise<void> {
  if (isFile(entry)) {
    const file = await new Promise<File>((resolve, reject) => entry.file(resolve, reject))
    files.push({ path: entry.fullPath.slice(1), file })
  } else if (isFolder(entry)) {
    for (const inside of await readFolder(entry)) await collect(inside, files)
  }
}

/** Browsers hand over a folder in portions, the last of them empty. */
async function readFolder(folder: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = folder.createReader()
  const all: FileSystemEntry[] = []
  for (;;) {
    const portion = await new Promise<FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, reject),
    )
    if (portion.length === 0) return all
    all.push(...portion)
  }
}

const isFile = (entry: FileSystemEntry): entry is FileSystemFileEntry => entry.isFile
const isFolder = (entry: FileSystemEntry): entry is FileSystemDirectoryEntry => entry.isDirectory
