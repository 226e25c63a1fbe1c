#include "app/report_assets.hpp"

// Places in the object file made of report/assets.S.in.
extern "C" {
extern const char tradegraph_report_page[];
extern const char tradegraph_report_style[];
extern const char tradegraph_report_library[];
extern const char tradegraph_report_scripts[];
extern const char tradegraph_report_licence[];
extern const char tradegraph_report_page_end[];
extern const char tradegraph_report_style_end[];
extern const char tradegraph_report_library_end[];
extern const char tradegraph_report_scripts_end[];
extern const char tradegraph_report_licence_end[];
}

namespace tradegraph::app {

ReportAssets report_assets() {
  return {.page = {tradegraph_report_page, tradegraph_report_page_end},
          .style = {tradegraph_report_style, tradegraph_report_style_end},
          .library = {tradegraph_report_library, tradegraph_report_library_end},
          .scripts = {tradegraph_report_scripts, tradegraph_report_scripts_end},
          .licence = {tradegraph_report_licence, tradegraph_report_licence_end}};
}

}  // namespace tradegraph::app
