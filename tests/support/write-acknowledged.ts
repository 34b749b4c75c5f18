import { Client } from 'pg'

// A writer in a process of its own: inserts row after row and tells its parent each number that was acknowledged.

const [url, first] = process.argv.slice(2)
const client = new Client(url)
client.on('error', () => process.exit(0)) // the database was killed: what counts has been told
await client.connect()
for (let n = Number(first); ; n++) {
  try {
    await client.query('begin')
    await client.query('insert into acknowledged (n, filler) values ($1, repeat($2, 2000))', [n, 'x'])
    await client.query('commit')
    process.send?.(n)
  } catch {
    process.exit(0)
  }
}
