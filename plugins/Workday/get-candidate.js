// The candidate of an application id "candidate:application", without files.
const candidate = (reads.owner ?? input.application_id).split(':')[0];
const hasExclusion = Number(settings.version.slice(1)) >= 31.2;

return {
  Header: { Workday_Common_Header: settings.descriptors ? { Include_Reference_Descriptors_In_Response: true } : null },
  Body: {
    Get_Candidates_Request: {
      '@version': settings.version,
      Request_References: { '@Skip_Non_Existing_Instances': true, Candidate_Reference: { [settings.idTypes.candidate]: candidate } },
      Response_Group: { Include_Reference: true, Exclude_All_Attachments: hasExclusion ? true : null }
    }
  }
};
