import type { FileHandle } from 'node:fs/promises';
import { parquetMetadataAsync, parquetReadObjects } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import type { FileIntake } from './intake';
import { isHeaderName } from './parquet-columns';

/** Rows that are decoded at once. */
const ROWS = 20_000;

/** The first bytes of a Parquet file, which are its last ones too (Apache Parquet: file format). */
export const PARQUET_MAGIC = 'PAR1';

/**
 * Reads the rows of a Parquet file, as AWS delivers flow logs to S3, some thousand at a time.
 * @throws Error where the file is not a whole Parquet file
 */
export async function readParquet(
  file: FileHandle,
  intake: FileIntake,
  progress: (bytes: number) => void,
): Promise<void> {
  const { size } = await file.stat();
  const source = {
    byteLength: size,
    slice: async (start: number, end: number = size): Promise<ArrayBuffer> => {
      const buffer = Buffer.alloc(end - start);
      await file.read(buffer, 0, buffer.length, start);
      return buffer.buffer.slice(
        buffer.byteOffset,
        buffer.byteOffset + buffer.length,
      ) as ArrayBuffer;
    },
  };
  const metadata = await parquetMetadataAsync(source);
  const columns = metadata.schema.map(({ name }) => name).filter(isHeaderName);
  const total = Number(metadata.num_rows);
  for (let rowStart = 0; rowStart < total; rowStart += ROWS) {
    const rowEnd = Math.min(total, rowStart + ROWS);
    const rows = await parquetReadObjects({
      file: source,
      metadata,
      compressors,
      rowStart,
      rowEnd,
      ...(columns.length > 0 && { columns }),
    });
    for (const row of rows) intake.row(row);
    progress(Math.floor((size * rowEnd) / total));
  }
}
