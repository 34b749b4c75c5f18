import { crc32, deflateRawSync } from 'node:zlib'

export type ArchivedFile = {
  name: string
  bytes: Uint8Array
  /** Unix mode, such as 0o120777 for a symbolic link. */
  mode?: number
  /** The size that the archive claims, where it lies. */
  claimedBytes?: number
  /** The name's bytes where they are not those of UTF-8. */
  nameBytes?: Buffer
  /** General purpose flags; by default that names are UTF-8. */
  flags?: number
  /** Where the directory says that the file lies, where it lies. */
  offset?: number
}

/** A .zip, written by the format's description, so that it can also be a wrong one. */
export function makeArchive(files: readonly ArchivedFile[]): Buffer {
  const parts: Buffer[] = []
  const directory: Buffer[] = []
  let offset = 0
  for (const file of files) {
    const { name, bytes, mode = 0o100644, claimedBytes = bytes.length, flags = 0x0800 } = file
    const nameBytes = file.nameBytes ?? Buffer.from(name)
    const packed = deflateRawSync(bytes)
    const common = Buffer.alloc(26)
    common.writeUInt16LE(20, 0) // version
    common.writeUInt16LE(flags, 2)
    common.writeUInt16LE(8, 4) // deflate
    common.writeUInt32LE(crc32(bytes), 10)
    common.writeUInt32LE(packed.length, 14)
    common.writeUInt32LE(claimedBytes, 18)
    common.writeUInt16LE(nameBytes.length, 22)
    const local = Buffer.concat([Buffer.from('PK\u0003\u0004'), common, nameBytes, packed])
    const trailer = Buffer.alloc(14)
    trailer.writeUInt32LE((mode << 16) >>> 0, 6)
    trailer.writeUInt32LE(file.offset ?? offset, 10)
    const made = Buffer.from([20, 3]) // by Unix
    directory.push(Buffer.concat([Buffer.from('PK\u0001\u0002'), made, common, trailer, nameBytes]))
    parts.push(local)
    offset += local.length
  }
  const index = Buffer.concat(directory)
  const end = Buffer.alloc(22)
  end.write('PK\u0005\u0006', 'latin1')
  end.writeUInt16LE(files.length, 8)
  end.writeUInt16LE(files.length, 10)
  end.writeUInt32LE(index.length, 12)
  end.writeUInt32LE(offset, 16)
  return Buffer.concat([...parts, index, end])
}
