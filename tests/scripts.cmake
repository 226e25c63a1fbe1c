# Tests that are scripts: the layering, the support tools, the batch scripts, the demonstrations.
# Exit 77 means skipped: something outside the project is not on this machine. Leaks are looked for by
# the test programs: here each start of the program would pay for it, under the address sanitizer.
find_program(TRADEGRAPH_PYTHON python3 PATHS /usr/bin NO_DEFAULT_PATH)
find_program(TRADEGRAPH_PYTHON python3 REQUIRED)

#   tradegraph_add_script_test(NAME x COMMAND a b … [TIMEOUT s] [PROCESSORS n] [LABELS l])
function(tradegraph_add_script_test)
  cmake_parse_arguments(T "" "NAME;TIMEOUT;PROCESSORS;LABELS" "COMMAND" ${ARGN})
  if(NOT T_TIMEOUT)
    set(T_TIMEOUT 900)
  endif()
  math(EXPR T_TIMEOUT "${T_TIMEOUT} * ${TRADEGRAPH_TEST_PATIENCE}")
  if(NOT T_PROCESSORS)
    set(T_PROCESSORS 1)
  endif()
  add_test(NAME ${T_NAME} COMMAND ${T_COMMAND})
  set_tests_properties(${T_NAME} PROPERTIES
    TIMEOUT ${T_TIMEOUT} PROCESSORS ${T_PROCESSORS} LABELS "${T_LABELS}" SKIP_RETURN_CODE 77
    ENVIRONMENT "OMPI_ALLOW_RUN_AS_ROOT=1;OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1;OMPI_MCA_mpi_yield_when_idle=1;TRADEGRAPH_TEST_PATIENCE=${TRADEGRAPH_TEST_PATIENCE};ASAN_OPTIONS=detect_leaks=0")
endfunction()

set(support "${CMAKE_CURRENT_SOURCE_DIR}/support")
set(slurm "${CMAKE_CURRENT_SOURCE_DIR}/slurm")

tradegraph_add_script_test(NAME layering
  COMMAND ${TRADEGRAPH_PYTHON} ${support}/check_layers.py ${PROJECT_SOURCE_DIR})
tradegraph_add_script_test(NAME layering.rules
  COMMAND ${TRADEGRAPH_PYTHON} ${support}/check_layers.py --self-test)
tradegraph_add_script_test(NAME packages
  COMMAND ${TRADEGRAPH_PYTHON} ${support}/check_packages.py ${PROJECT_SOURCE_DIR})
tradegraph_add_script_test(NAME compare_results
  COMMAND ${TRADEGRAPH_PYTHON} ${support}/compare_results.py --self-test)
tradegraph_add_script_test(NAME demo.scripts
  COMMAND ${TRADEGRAPH_PYTHON} ${CMAKE_CURRENT_SOURCE_DIR}/demo_test.py LABELS demo)
tradegraph_add_script_test(NAME slurm.requeue
  COMMAND ${slurm}/requeue.sh LABELS slurm PROCESSORS 2 TIMEOUT 900)

if(TARGET tradegraph)
  tradegraph_add_script_test(NAME slurm.study
    COMMAND ${slurm}/study_under_slurm.sh $<TARGET_FILE:tradegraph>
    LABELS slurm PROCESSORS 4 TIMEOUT 900)
  tradegraph_add_script_test(NAME program.checkpoint
    COMMAND ${TRADEGRAPH_PYTHON} ${CMAKE_CURRENT_SOURCE_DIR}/checkpoint.py $<TARGET_FILE:tradegraph>
    TIMEOUT 900 PROCESSORS 2)
  # The program beside other programs, end to end: PROGRAM and the real data where it is there.
  foreach(peer measure_igraph identify_sklearn)
    tradegraph_add_script_test(NAME program.${peer}
      COMMAND ${TRADEGRAPH_PYTHON} ${CMAKE_CURRENT_SOURCE_DIR}/${peer}.py
              $<TARGET_FILE:tradegraph> ${PROJECT_SOURCE_DIR}/../shared/data
      LABELS program PROCESSORS 2 TIMEOUT 900)
  endforeach()
  foreach(script attribute_outputs bad_files bad_input betweenness_networkx same_result snapshot_h5py sweep_program
          compare_scipy typology_sklearn group_scipy indicators_r interface resume_stages study_identities usage_errors
          outputs measure_limits report report_browser synth_program synth_calibration belt_sweep)
    tradegraph_add_script_test(NAME program.${script}
      COMMAND ${TRADEGRAPH_PYTHON} ${CMAKE_CURRENT_SOURCE_DIR}/${script}.py $<TARGET_FILE:tradegraph>
      LABELS program PROCESSORS 2 TIMEOUT 900)
  endforeach()
  tradegraph_add_script_test(NAME program.recovery
    COMMAND ${TRADEGRAPH_PYTHON} ${CMAKE_CURRENT_SOURCE_DIR}/recovery.py $<TARGET_FILE:tradegraph>
            --firms 100000 --demand
    LABELS program PROCESSORS 2 TIMEOUT 900)
  foreach(demo nation small ror korea)
    tradegraph_add_script_test(NAME demo.${demo}
      COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/demo_runs.sh $<TARGET_FILE:tradegraph> ${demo}
      LABELS demo PROCESSORS 2 TIMEOUT 900)
  endforeach()
endif()

if(TARGET tradegraph)
  tradegraph_add_script_test(NAME program.years_bench
    COMMAND ${TRADEGRAPH_PYTHON} ${CMAKE_CURRENT_SOURCE_DIR}/years_bench.py
            $<TARGET_FILE:tradegraph> ${PROJECT_SOURCE_DIR}/bench/years.py
    LABELS program PROCESSORS 2 TIMEOUT 900)
endif()

# Each header compiles on its own. The source file of the same name shows it where it includes the
# header before anything else; for the others, one source file a header, built by the test.
file(GLOB_RECURSE headers CONFIGURE_DEPENDS RELATIVE "${PROJECT_SOURCE_DIR}"
  "${PROJECT_SOURCE_DIR}/engine/*.hpp" "${PROJECT_SOURCE_DIR}/kernels/*.hpp"
  "${PROJECT_SOURCE_DIR}/io/*.hpp" "${PROJECT_SOURCE_DIR}/app/*.hpp")
set(lone_headers)
foreach(header ${headers})
  string(REGEX REPLACE "hpp$" "cpp" own_source "${PROJECT_SOURCE_DIR}/${header}")
  set(first_include)
  if(EXISTS "${own_source}")
    file(STRINGS "${own_source}" first_include LIMIT_COUNT 1 REGEX "^#include")
  endif()
  if(NOT first_include STREQUAL "#include \"${header}\"")
    set(source "${CMAKE_CURRENT_BINARY_DIR}/lone_headers/${header}.cpp")
    file(CONFIGURE OUTPUT "${source}" CONTENT "#include \"${header}\"\n")
    list(APPEND lone_headers "${source}")
  endif()
endforeach()
add_library(tradegraph_lone_headers OBJECT EXCLUDE_FROM_ALL ${lone_headers})
target_link_libraries(tradegraph_lone_headers PRIVATE tradegraph_options MPI::MPI_CXX
  GraphBLAS::GraphBLAS HDF5::HDF5)
target_compile_options(tradegraph_lone_headers PRIVATE -O0 -g0)
tradegraph_add_script_test(NAME lone_headers
  COMMAND ${CMAKE_COMMAND} --build ${CMAKE_BINARY_DIR} --target tradegraph_lone_headers
  PROCESSORS 2 TIMEOUT 1200)

# The script that sets two benchmark runs side by side.
add_test(NAME compare_bench
  COMMAND "${TRADEGRAPH_PYTHON}" "${CMAKE_CURRENT_SOURCE_DIR}/compare_bench.py"
          "${PROJECT_SOURCE_DIR}/bench/compare.py")
