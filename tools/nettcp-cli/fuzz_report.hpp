#pragma once

#include "fuzz_campaign.hpp"

#include <string>

namespace nettcp::cli {

/// What was asked for, as far as it belongs into reports.
struct report_frame {
    std::string url;
    std::uint64_t seed = 1;
    std::string folder;  ///< for transcripts
    bool json = false;
};

/// Writes the transcript of a finding; returns its name, empty after a complaint.
std::string write_finding(const report_frame& frame, const finding_report& found);

/// Prints a finding, the `number`th.
void print_finding(const report_frame& frame, const finding_report& found, std::size_t number,
                   const std::string& file);

/// Prints what a campaign came to.
void print_result(const report_frame& frame, const campaign_result& result,
                  std::uint64_t connections, std::uint64_t hiccups);

/// Prints a case without trying it.
void print_case(const report_frame& frame, const fuzzing::fuzz_case& what);

}  // namespace nettcp::cli
