#pragma once
/// The sources of report.html, as they stood in app/report/ when the program was built.

#include <string_view>

namespace tradegraph::app {

struct ReportAssets {
  std::string_view page;     ///< HTML with a comment <!--NAME--> where each of the others goes
  std::string_view style;    ///< CSS
  std::string_view library;  ///< D3, minified
  std::string_view scripts;  ///< our JavaScript, module after module
  std::string_view licence;  ///< of D3
};

[[nodiscard]] ReportAssets report_assets();

}  // namespace tradegraph::app
