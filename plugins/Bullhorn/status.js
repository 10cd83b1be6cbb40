// An application of the candidate's own becomes a formal submission: its dateAdded is that of the move.
const promoted = reads.now.status === settings.webResponseStatus && input.stage_id !== settings.webResponseStatus;
return promoted ? { status: input.stage_id, dateAdded: reads.now.at } : { status: input.stage_id };
