// tsx keeps what it compiled in a folder of /tmp that is named after the user, and runs what it finds
// there whoever wrote it. Without its cache nothing of another user is run.
process.env.TSX_DISABLE_CACHE = '1';
await import('tsx');
